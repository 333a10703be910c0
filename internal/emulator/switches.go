package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Switches selects how the emulator behaves where Clarifai's behaviour is unknown:
// where neither the published protos, nor the docs, nor a captured answer fixes
// it. The zero value of a field selects its default, the first value listed.
type Switches struct {
	// Scopes is what happens to the scopes of a new key: "stored" keeps them as
	// sent, "expanded" adds their dependencies, "refused" answers 11102 if a
	// dependency is missing. Unknown: Clarifai's scope.proto calls dependencies
	// recommendations that are not enforced "beyond the key creation".
	Scopes string `json:"scopes,omitempty"`
	// ScopeNames is the spelling of scopes in answers: "colon" (Inputs:Get, as in
	// the docs) or "underscore" (Inputs_Get, as in scope.proto). Unknown.
	ScopeNames string `json:"scope_names,omitempty"`
	// ScopeOrder is the order of scopes and endpoints in answers: "sent", "sorted"
	// or "reversed". Unknown.
	ScopeOrder string `json:"scope_order,omitempty"`
	// ClearStrings is the effect of an empty string or list in a PATCH: it is
	// "ignored", or clears the field ("honoured"). Unknown: proto3 cannot tell an
	// empty value from an absent one, which suggests ignored.
	ClearStrings string `json:"clear_strings,omitempty"`
	// KeyNotFound is the code for a key that does not exist: 11101 (HTTP 404) or
	// 11009 (HTTP 401, as if the caller's key did not exist). Unknown.
	KeyNotFound int `json:"key_not_found,omitempty"`
	// Enums is the form of visibilities and status codes in answers: "numbers" (as
	// in captured answers) or "names" (as in Clarifai's swagger and on its page
	// about rate limits).
	Enums string `json:"enums,omitempty"`
	// Timestamps is the precision of times in answers: "micro" (6 fractional
	// digits) or "nano" (9). Both were captured.
	Timestamps string `json:"timestamps,omitempty"`
	// DefaultScopes is what an app key created without scopes gets: "none", or
	// "all" for the scope All. Unknown.
	DefaultScopes string `json:"default_scopes,omitempty"`
	// KeyEndpoints is whether answers contain the endpoints of a key: "shown" or
	// "hidden". Unknown: no answer about a key was captured.
	KeyEndpoints string `json:"key_endpoints,omitempty"`
	// KeyOverwrite is the effect of the action overwrite in PatchKeys: "by_field"
	// keeps the fields that the request omits, "whole" clears omitted scopes,
	// endpoints and expiry. Unknown for keys: Clarifai's docs describe the latter
	// for objects, and its SDK relies on the former for apps.
	KeyOverwrite string `json:"key_overwrite,omitempty"`
	// WriteAnswers is the content of the answer to a POST or PATCH of apps and
	// keys: "full", or "bare" with nothing but the identifying fields. Unknown.
	WriteAnswers string `json:"write_answers,omitempty"`
	// DefaultKey creates a key with every scope together with each app. Clarifai's
	// docs say so; whether that applies to the API is unknown.
	DefaultKey bool `json:"default_key,omitempty"`
	// DefaultWorkflow is where answers place the base workflow of an app: "copied"
	// into the app, or "referenced" in its original app. Unknown: the comment on
	// PostApps in service.proto says that it is copied.
	DefaultWorkflow string `json:"default_workflow,omitempty"`
	// ListingOrder is the order of keys in listings: "created", "reverse" or
	// "shuffle", which is random but stable. Unknown.
	ListingOrder string `json:"listing_order,omitempty"`
	// RenameOld is the answer for the old ID of a renamed app: "not_found", or
	// "moved" (HTTP 307, code 10050 and a Location header). status_code.proto has
	// the code; whether apps use it is unknown.
	RenameOld string `json:"rename_old,omitempty"`
	// RenameKeys is what happens to the keys of a renamed app: they "follow" it or
	// are "dropped". Unknown.
	RenameKeys string `json:"rename_keys,omitempty"`
	// DeleteLag is the number of listing requests that still show a key or app
	// after the API deleted it. Unknown.
	DeleteLag int `json:"delete_lag,omitempty"`
	// DuplicateAppCode is the code for an app ID that is taken: 40010, 11102 or
	// 40003. Unknown: 40010 was captured once, and concepts answer 40003.
	DuplicateAppCode int `json:"duplicate_app_code,omitempty"`
	// AppOwner is the owner of a new app: the user in the "path", or the "caller",
	// as a comment in resources.proto says. Unknown.
	AppOwner string `json:"app_owner,omitempty"`
	// EchoType is the type of an app key in answers: "app_specific_key", "api_key"
	// (as in resources.proto before 11.4), or "none" to omit it. Unknown.
	EchoType string `json:"echo_type,omitempty"`
	// ShiftingPages rotates a listing by one place before each page after the
	// first, so that paging misses one item and returns another twice. Unknown: no
	// order of listings is documented as stable.
	ShiftingPages bool `json:"shifting_pages,omitempty"`
	// AccountListing is the listing of all keys of an account: "served", "refused"
	// (11007), or "incomplete" without every seventh app key. Unknown.
	AccountListing string `json:"account_listing,omitempty"`
	// SuccessOnFailure answers errors with HTTP 200 and the code of the error.
	// Unknown for REST; Clarifai's gRPC API does so.
	SuccessOnFailure bool `json:"success_on_failure,omitempty"`
	// MaxAppIDLength is the maximum length of an app ID. Default: 48. Clarifai's
	// docs state 32 for the portal; unknown for the API.
	MaxAppIDLength int `json:"max_app_id_length,omitempty"`
	// RenameLag is how long listings of keys lag a renamed app, as a duration such as
	// "3s": the listing of the app does not show the keys it had, and the listing of
	// the account shows them with the old ID. Default: "0s". Unknown. Keys created
	// after the rename are listed at once. [Options].Now measures the time.
	RenameLag string `json:"rename_lag,omitempty"`
	// MyScopesUser is how MyScopesUser treats the user in its path: "checked" answers
	// that the user is not found if the caller may not act for it, as other methods
	// do; "ignored" returns the caller's scopes whatever user the path names, even one
	// that does not exist. Unknown.
	MyScopesUser string `json:"my_scopes_user,omitempty"`
	// OutsideModels is the answer to an app key that calls PostInputs,
	// PostInputsSearches, PostAnnotations, PostAnnotationsSearches, PostModelOutputs or
	// PostWorkflowResults in an app whose base workflow involves models of other apps,
	// as the default Universal does: "served", "refused" (11007) or "not_found" (11101).
	// Clarifai's docs say that such calls fail since June 2025, its tests that some
	// still succeed; the code is unknown.
	OutsideModels string `json:"outside_models,omitempty"`
	// PageCap is the maximum number of items on a page, whatever per_page requests.
	// Default: 0, no maximum other than that of per_page. Unknown.
	PageCap int `json:"page_cap,omitempty"`
}

// setting describes one switch: its JSON name and its values, default first.
type setting struct {
	name   string
	values []string
	text   bool // the values are strings, not numbers or booleans
	open   bool // any number from 0 is valid
	timed  bool // any duration from 0s is valid
}

var settings = []setting{
	{name: "scopes", values: []string{"stored", "expanded", "refused"}, text: true},
	{name: "scope_names", values: []string{"colon", "underscore"}, text: true},
	{name: "scope_order", values: []string{"sent", "sorted", "reversed"}, text: true},
	{name: "clear_strings", values: []string{"ignored", "honoured"}, text: true},
	{name: "key_not_found", values: []string{"11101", "11009"}},
	{name: "enums", values: []string{"numbers", "names"}, text: true},
	{name: "timestamps", values: []string{"micro", "nano"}, text: true},
	{name: "default_scopes", values: []string{"none", "all"}, text: true},
	{name: "key_endpoints", values: []string{"shown", "hidden"}, text: true},
	{name: "key_overwrite", values: []string{"by_field", "whole"}, text: true},
	{name: "write_answers", values: []string{"full", "bare"}, text: true},
	{name: "default_key", values: []string{"false", "true"}},
	{name: "default_workflow", values: []string{"copied", "referenced"}, text: true},
	{name: "listing_order", values: []string{"created", "reverse", "shuffle"}, text: true},
	{name: "rename_old", values: []string{"not_found", "moved"}, text: true},
	{name: "rename_keys", values: []string{"follow", "dropped"}, text: true},
	{name: "delete_lag", values: []string{"0", "2"}, open: true},
	{name: "duplicate_app_code", values: []string{"40010", "11102", "40003"}},
	{name: "app_owner", values: []string{"path", "caller"}, text: true},
	{name: "echo_type", values: []string{"app_specific_key", "api_key", "none"}, text: true},
	{name: "shifting_pages", values: []string{"false", "true"}},
	{name: "account_listing", values: []string{"served", "refused", "incomplete"}, text: true},
	{name: "success_on_failure", values: []string{"false", "true"}},
	{name: "max_app_id_length", values: []string{"48", "32"}, open: true},
	{name: "rename_lag", values: []string{"0s", "3s"}, text: true, timed: true},
	{name: "my_scopes_user", values: []string{"checked", "ignored"}, text: true},
	{name: "outside_models", values: []string{"served", "refused", "not_found"}, text: true},
	{name: "page_cap", values: []string{"0", "2", "37"}, open: true},
}

// Set sets the switch with this JSON name to a value in text form.
func (s *Switches) Set(name, value string) error {
	i := slices.IndexFunc(settings, func(sw setting) bool { return sw.name == name })
	if i < 0 {
		return fmt.Errorf("there is no switch %q; the switches are %s", name, strings.Join(switchNames(), ", "))
	}
	sw := settings[i]
	if !sw.allows(value) {
		return fmt.Errorf("switch %s cannot be %q; it must be %s", name, value, sw.choices())
	}
	raw := value
	if sw.text {
		raw = strconv.Quote(value)
	}
	return json.Unmarshal([]byte(fmt.Sprintf("{%q:%s}", name, raw)), s)
}

// Values returns the value in force of each switch in text form, as Set takes it.
// Switches left at zero have their defaults.
func (s Switches) Values() (map[string]string, error) {
	s, err := s.normalize()
	if err != nil {
		return nil, err
	}
	fields := reflect.ValueOf(s)
	values := map[string]string{}
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		values[name] = fmt.Sprint(fields.Field(i).Interface())
	}
	return values, nil
}

func (s setting) allows(value string) bool {
	if s.open {
		n, err := strconv.Atoi(value)
		return err == nil && n >= 0
	}
	if s.timed {
		d, err := time.ParseDuration(value)
		return err == nil && d >= 0
	}
	return slices.Contains(s.values, value)
}

func (s setting) choices() string {
	if s.open {
		return "a number from 0"
	}
	if s.timed {
		return "a duration such as 3s"
	}
	return "one of " + strings.Join(s.values, ", ")
}

// SwitchUsage has one line for each switch: its name and what it can be, the
// default first.
func SwitchUsage() string {
	var usage strings.Builder
	for _, sw := range settings {
		choices := strings.TrimPrefix(sw.choices(), "one of ")
		if sw.open || sw.timed {
			choices = sw.values[0] + ", or " + choices
		}
		fmt.Fprintf(&usage, "  %-20s %s\n", sw.name, choices)
	}
	return usage.String()
}

func switchNames() []string {
	names := make([]string, len(settings))
	for i, sw := range settings {
		names[i] = sw.name
	}
	return names
}

// normalize fills in the defaults and rejects invalid values.
func (s Switches) normalize() (Switches, error) {
	var set map[string]json.RawMessage // the switches that are not zero
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &set)
	}
	for _, sw := range settings {
		if err != nil {
			return s, err
		}
		value := sw.values[0]
		if raw, ok := set[sw.name]; ok {
			value = string(bytes.Trim(raw, `"`))
		}
		err = s.Set(sw.name, value)
	}
	return s, err
}

// renameLag returns the switch rename_lag as a duration.
func (s Switches) renameLag() time.Duration {
	d, _ := time.ParseDuration(s.RenameLag) // valid since normalize
	return d
}

// mustNormalize is normalize, but panics on an invalid value.
func mustNormalize(s Switches) Switches {
	s, err := s.normalize()
	if err != nil {
		panic("emulator: " + err.Error())
	}
	return s
}

// Variants returns the settings under which a client must work, by name:
// "default", "switch=value" for each other value of each switch, and "all-odd"
// with every switch changed that does not prevent the client from working.
func Variants() map[string]Switches {
	all := map[string]Switches{"default": {}}
	for _, sw := range settings {
		for _, value := range sw.values[1:] {
			var s Switches
			if err := s.Set(sw.name, value); err != nil {
				panic("emulator: " + err.Error())
			}
			all[sw.name+"="+value] = s
		}
	}
	all["all-odd"] = Switches{Scopes: "expanded", ScopeNames: "underscore", ScopeOrder: "reversed",
		ClearStrings: "honoured", KeyNotFound: codeKeyNotFound, Enums: "names", Timestamps: "nano",
		DefaultScopes: "all", KeyEndpoints: "hidden", KeyOverwrite: "whole", WriteAnswers: "bare",
		DefaultKey: true, DefaultWorkflow: "referenced", ListingOrder: "shuffle", RenameOld: "moved",
		DeleteLag: 1, DuplicateAppCode: codeConceptsInvalid, EchoType: "none", SuccessOnFailure: true,
		RenameLag: "1s", MyScopesUser: "ignored", OutsideModels: "refused", PageCap: 37}
	return all
}
