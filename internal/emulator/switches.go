package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Switches chooses how the emulator behaves where Clarifai's behaviour is
// unknown. The zero value of each field is its default. "Unknown" means: neither
// the published protos, nor the docs, nor a captured answer settles it.
type Switches struct {
	// Scopes: what becomes of a key's scopes when it is made. "stored" keeps
	// them as sent, "expanded" adds what they depend on, "refused" answers
	// 11102 when a dependency is missing. Unknown: Clarifai's scope.proto calls
	// dependencies recommendations that are not enforced "beyond the key creation".
	Scopes string `json:"scopes,omitempty"`
	// ScopeNames: the spelling in answers, "colon" (Inputs:Get, as the docs
	// write) or "underscore" (Inputs_Get, as scope.proto writes). Unknown.
	ScopeNames string `json:"scope_names,omitempty"`
	// ScopeOrder: the order of scopes and endpoints in answers, "sent",
	// "sorted" or "reversed". Unknown.
	ScopeOrder string `json:"scope_order,omitempty"`
	// ClearStrings: whether a present empty string or list in a PATCH clears
	// the field ("honoured") or is as if absent ("ignored"). Unknown: proto3
	// can not tell the two apart, which speaks for ignored.
	ClearStrings string `json:"clear_strings,omitempty"`
	// KeyNotFound: the code for a key that does not exist, 11101 (HTTP 404) or
	// 11009 (HTTP 401, as for a dead caller). Unknown.
	KeyNotFound int `json:"key_not_found,omitempty"`
	// Enums: visibilities and status codes in answers as "numbers" (captured
	// answers) or "names" (Clarifai's swagger and rate limit page).
	Enums string `json:"enums,omitempty"`
	// Timestamps: "micro" (6 fractional digits) or "nano" (9). Both were captured.
	Timestamps string `json:"timestamps,omitempty"`
	// DefaultScopes: the scopes of an app key that is made without any: "none" or
	// "all", the scope All. Unknown.
	DefaultScopes string `json:"default_scopes,omitempty"`
	// KeyEndpoints: whether answers show a key's endpoints ("shown") or not
	// ("hidden"). Unknown: no answer about a key was ever captured.
	KeyEndpoints string `json:"key_endpoints,omitempty"`
	// KeyOverwrite: whether the action overwrite of PatchKeys goes "by_field" and
	// leaves absent fields of a key alone, or sets the "whole" key, so that absent
	// scopes, endpoints and expiry are cleared. Unknown for keys: a page of
	// Clarifai's docs says the latter of objects, its SDK relies on the first for apps.
	KeyOverwrite string `json:"key_overwrite,omitempty"`
	// WriteAnswers: whether the answer to a POST or PATCH of apps and keys is
	// "full", or "bare": what names the thing, and nothing else. Unknown, likewise.
	WriteAnswers string `json:"write_answers,omitempty"`
	// DefaultKey: whether a key with every scope is made with each app.
	// Clarifai's docs say so; whether it holds for the API is unknown.
	DefaultKey bool `json:"default_key,omitempty"`
	// DefaultWorkflow: whether an app's base workflow is answered as "copied"
	// into the app, or as "referenced" where it came from. Unknown: the comment
	// on PostApps in service.proto says that it makes a copy.
	DefaultWorkflow string `json:"default_workflow,omitempty"`
	// ListingOrder: the order of keys in listings, "created", "reverse" or
	// "shuffle" (random, but the same each time). Unknown.
	ListingOrder string `json:"listing_order,omitempty"`
	// RenameOld: a renamed app's old id answers "not_found", or "moved" (HTTP
	// 307, 10050, Location). status_code.proto has the code; whether apps use
	// it is unknown.
	RenameOld string `json:"rename_old,omitempty"`
	// RenameKeys: a renamed app's keys "follow" it or are "dropped". Unknown.
	RenameKeys string `json:"rename_keys,omitempty"`
	// DeleteLag: a key or app deleted through the API stays in listings for
	// that many listing requests. Unknown; 0 is at once.
	DeleteLag int `json:"delete_lag,omitempty"`
	// DuplicateAppCode: the code for an app id that is taken, 40010, 11102 or
	// 40003. Unknown: 40010 was captured once, concepts answer 40003.
	DuplicateAppCode int `json:"duplicate_app_code,omitempty"`
	// AppOwner: a new app belongs to the user of the "path", or to the
	// "caller", as a comment in resources.proto claims. Unknown.
	AppOwner string `json:"app_owner,omitempty"`
	// EchoType: an app key's type in answers: "app_specific_key", "api_key"
	// (resources.proto before 11.4) or "none", left out. Unknown.
	EchoType string `json:"echo_type,omitempty"`
	// ShiftingPages: listings rotate by one place before each page after the
	// first, so that a reader of pages misses one item and sees another twice.
	// Unknown: no order of listings is documented as stable.
	ShiftingPages bool `json:"shifting_pages,omitempty"`
	// AccountListing: the listing of all keys of an account is "served",
	// "refused" (11007) or "incomplete" (every seventh app key is left out).
	// Unknown.
	AccountListing string `json:"account_listing,omitempty"`
	// SuccessOnFailure: errors come with HTTP 200 and a failing status.code.
	// Unknown for REST; Clarifai's gRPC does it.
	SuccessOnFailure bool `json:"success_on_failure,omitempty"`
	// MaxAppIDLength: the longest app id. Clarifai's docs say 32 for the
	// portal; unknown for the API. Default 48.
	MaxAppIDLength int `json:"max_app_id_length,omitempty"`
}

// setting is what is known of one switch: its name and values, default first.
type setting struct {
	name   string
	values []string
	text   bool // values are strings; otherwise numbers or booleans
	open   bool // any other number from 0 on is as good
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
}

// Set sets the switch of that JSON name from its text form.
func (s *Switches) Set(name, value string) error {
	i := slices.IndexFunc(settings, func(known setting) bool { return known.name == name })
	if i < 0 {
		return fmt.Errorf("there is no switch %q; there are %s", name, strings.Join(switchNames(), ", "))
	}
	known := settings[i]
	if !known.allows(value) {
		return fmt.Errorf("switch %s can not be %q; it can be %s", name, value, known.choices())
	}
	raw := value
	if known.text {
		raw = strconv.Quote(value)
	}
	return json.Unmarshal([]byte(fmt.Sprintf("{%q:%s}", name, raw)), s)
}

func (k setting) allows(value string) bool {
	if k.open {
		n, err := strconv.Atoi(value)
		return err == nil && n >= 0
	}
	return slices.Contains(k.values, value)
}

func (k setting) choices() string {
	if k.open {
		return "any number from 0 on"
	}
	return strings.Join(k.values, ", ")
}

func switchNames() []string {
	names := make([]string, len(settings))
	for i, known := range settings {
		names[i] = known.name
	}
	return names
}

// normalize fills in the defaults and refuses values that do not exist.
func (s Switches) normalize() (Switches, error) {
	var set map[string]json.RawMessage // without the zero values
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &set)
	}
	for _, known := range settings {
		if err != nil {
			return s, err
		}
		value := known.values[0]
		if raw, ok := set[known.name]; ok {
			value = string(bytes.Trim(raw, `"`))
		}
		err = s.Set(known.name, value)
	}
	return s, err
}

func mustNormalize(s Switches) Switches {
	s, err := s.normalize()
	if err != nil {
		panic("emulator: " + err.Error())
	}
	return s
}

// Variants returns the settings that a client has to work under: "default",
// one named "switch=value" for each other value of each switch, and "all-odd",
// which turns at once all that do not keep a client from its work.
func Variants() map[string]Switches {
	all := map[string]Switches{"default": {}}
	for _, known := range settings {
		for _, value := range known.values[1:] {
			var s Switches
			if err := s.Set(known.name, value); err != nil {
				panic("emulator: " + err.Error())
			}
			all[known.name+"="+value] = s
		}
	}
	all["all-odd"] = Switches{Scopes: "expanded", ScopeNames: "underscore", ScopeOrder: "reversed",
		ClearStrings: "honoured", KeyNotFound: codeKeyNotFound, Enums: "names", Timestamps: "nano",
		DefaultScopes: "all", KeyEndpoints: "hidden", KeyOverwrite: "whole", WriteAnswers: "bare",
		DefaultKey: true, DefaultWorkflow: "referenced", ListingOrder: "shuffle", RenameOld: "moved",
		DeleteLag: 1, DuplicateAppCode: codeConceptsInvalid, EchoType: "none", SuccessOnFailure: true}
	return all
}
