package emulator

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Switches selects how the emulator behaves where Clarifai's behavior is unknown:
// where neither the published protos, nor the docs, nor a captured answer fixes it.
// [settings] says what each field is about. A zero field has the default.
type Switches struct {
	Scopes, ScopeNames, ScopeOrder, DefaultScopes    string
	KeyEndpoints, KeyOverwrite, EchoType             string
	ClearStrings, Enums, Timestamps, WriteAnswers    string
	DefaultWorkflow, AppOwner, RenameOld, RenameKeys string
	ListingOrder, AccountListing                     string
	MyScopesUser, OutsideModels, ForeignApps         string
	ExpiresAt, ExpiredKeys, ForeignAccount           string
	KeyNotFound, DuplicateAppCode                    int
	DeleteLag, DeleteMisses, MaxAppIDLength, PageCap int
	DefaultKey, ShiftingPages, SuccessOnFailure      bool
	CreateLag, RenameLag                             time.Duration
}

// setting describes a switch. Its field has the same name, in Go's spelling.
type setting struct {
	name   string
	values string // the first is the default; "..." at the end: or any other of its kind
	odd    string // the value in the variant all-odd; empty: the default, since the client cannot work otherwise
	doc    string
}

// settings is the one list of switches. Flags, help, documentation and variants follow
// from it.
var settings = []setting{
	{"scopes", "stored expanded refused", "expanded",
		"scopes of a new key: as sent, with what they depend on, or refused (11102) if that is missing"},
	{"scope_names", "colon underscore", "underscore",
		"spelling of scopes in answers: Inputs:Get as in the docs, Inputs_Get as in scope.proto"},
	{"scope_order", "sent sorted reversed", "reversed", "order of scopes and endpoints in answers"},
	{"clear_strings", "ignored honored", "honored", "an empty string or list in a PATCH changes nothing, or clears the field"},
	{"key_not_found", "11101 11009", "11009", "code for a key that does not exist; 11009 is also that of an unknown PAT"},
	{"enums", "numbers names", "names", "visibilities and status codes in answers"},
	{"timestamps", "micro nano", "nano", "precision of times in answers"},
	{"default_scopes", "none all refused", "all", "scopes of a key created without any; refused: 11102"},
	{"key_endpoints", "shown hidden", "hidden", "endpoints of keys in answers"},
	{"key_overwrite", "by_field whole", "whole", "a PATCH of a key keeps what it omits, or clears it"},
	{"write_answers", "full bare", "bare", "answers to a POST or PATCH: the whole object, or what identifies it"},
	{"default_key", "false true", "true", "a key with every scope is created with each app, as the docs say"},
	{"default_workflow", "copied referenced", "referenced", "base workflow of an app: a copy in it, as service.proto says, or the original"},
	{"listing_order", "created reverse shuffle", "shuffle", "order of keys in listings; shuffle is stable"},
	{"rename_old", "not_found moved moved_owner moved_app", "moved",
		"answer for the old ID of a renamed app: 11101, or HTTP 307 with 10050 and the new ID; there may be another owner's app, or another one"},
	{"rename_keys", "follow dropped", "", "keys of a renamed app"},
	{"delete_lag", "0 2 ...", "1", "number of listings that still show what was deleted"},
	{"delete_misses", "0 1 ...", "", "number of times that DELETE answers \"not found\" of what lives"},
	{"create_lag", "0s 1s ...", "", "how long no read shows what was created"},
	{"duplicate_app_code", "40010 11102 40003", "40003", "code for an app ID that is taken"},
	{"app_owner", "path caller", "", "owner of a new app: the user in the path, or the caller, as resources.proto says"},
	{"echo_type", "app_specific_key api_key none", "none", "type of an app's key in answers"},
	{"shifting_pages", "false true", "", "each page rotates the listing, so that paging misses one item and repeats another"},
	{"account_listing", "served refused incomplete", "", "listing of an account's keys; incomplete lacks every seventh"},
	{"success_on_failure", "false true", "true", "errors have HTTP status 200, as in Clarifai's gRPC API"},
	{"max_app_id_length", "48 32 ...", "", "maximum length of an app ID; the docs say 32 of the portal"},
	{"rename_lag", "0s 3s ...", "1s", "how long listings show keys with the old ID of a renamed app"},
	{"my_scopes_user", "checked ignored", "ignored", "whether MyScopesUser checks that the caller may act for the user"},
	{"outside_models", "served refused not_found", "refused",
		"an app key's call that involves models outside its app, as with the default workflow"},
	{"foreign_account", "not_found refused", "",
		"an account that the caller may not act for, or a method that takes no app key: 11101 and 11008, or 11007 with HTTP 403"},
	{"foreign_apps", "hidden public", "", "another account's listing of apps: not found, or its public apps"},
	{"expires_at", "stored ignored refused", "", "expires_at of a new or changed key"},
	{"expired_keys", "refused unlisted served", "", "a key that has expired: refused, also no longer listed, or served as before"},
	{"page_cap", "0 2 37 ...", "37", "maximum number of items on a page, whatever per_page says; 0: none"},
}

// SwitchUsage has a line for each switch: its name, its values with the default first,
// and what it is about.
func SwitchUsage() string {
	var usage strings.Builder
	table := tabwriter.NewWriter(&usage, 0, 0, 2, ' ', 0)
	for _, sw := range settings {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", sw.name, sw.choices(), sw.doc)
	}
	_ = table.Flush()
	return usage.String()
}

// choices lists the values for which there is a variant.
func (sw setting) choices() string {
	kind := "number"
	if sw.in(&Switches{}).Type() == reflect.TypeFor[time.Duration]() {
		kind = "duration"
	}
	values, open := strings.CutSuffix(sw.values, " ...")
	values = strings.ReplaceAll(values, " ", ", ")
	if open {
		values += " or any other " + kind + " from 0"
	}
	return values
}

// in returns the field of the switch.
func (sw setting) in(s *Switches) reflect.Value {
	return reflect.ValueOf(s).Elem().FieldByNameFunc(func(field string) bool {
		return strings.EqualFold(field, strings.ReplaceAll(sw.name, "_", ""))
	})
}

// set sets the field of the switch.
func (sw setting) set(s *Switches, value string) (err error) {
	names, valid := strings.Fields(sw.values), false
	field := sw.in(s)
	switch into := field.Addr().Interface().(type) {
	case *string:
		if value == "honoured" { // the spelling of earlier versions
			value = "honored"
		}
		*into = value
	case *bool:
		*into, err = strconv.ParseBool(value)
	case *int:
		*into, err = strconv.Atoi(value)
		valid = *into >= 0
	case *time.Duration:
		*into, err = time.ParseDuration(value)
		valid = *into >= 0
	}
	valid = valid && names[len(names)-1] == "..." || slices.Contains(names, value)
	if err != nil || !valid {
		return fmt.Errorf("switch %s cannot be %q; it must be one of %s", sw.name, value, sw.choices())
	}
	return nil
}

// Set sets the switch of a name to a value in text form.
func (s *Switches) Set(name, value string) error {
	var names []string
	for _, sw := range settings {
		if sw.name == name {
			return sw.set(s, value)
		}
		names = append(names, sw.name)
	}
	return fmt.Errorf("there is no switch %q; the switches are %s", name, strings.Join(names, ", "))
}

// Values returns the value in force of each switch in text form, as Set takes it.
func (s Switches) Values() (map[string]string, error) {
	values := map[string]string{}
	s, err := s.normalize()
	for _, sw := range settings {
		values[sw.name] = fmt.Sprint(sw.in(&s).Interface())
	}
	return values, err
}

// normalize fills in the defaults and rejects invalid values.
func (s Switches) normalize() (Switches, error) {
	for _, sw := range settings {
		value, _, _ := strings.Cut(sw.values, " ")
		if field := sw.in(&s); !field.IsZero() {
			value = fmt.Sprint(field.Interface())
		}
		if err := sw.set(&s, value); err != nil {
			return s, err
		}
	}
	return s, nil
}

// mustNormalize is normalize, but panics on an invalid value.
func mustNormalize(s Switches) Switches {
	s, err := s.normalize()
	if err != nil {
		panic("emulator: " + err.Error())
	}
	return s
}

// UnmarshalJSON sets all switches. Those that are not named have their defaults.
func (s *Switches) UnmarshalJSON(b []byte) error {
	var values map[string]any
	if err := json.Unmarshal(b, &values); err != nil {
		return err
	}
	*s = Switches{}
	for name, value := range values {
		if err := s.Set(name, fmt.Sprint(value)); err != nil {
			return err
		}
	}
	return nil
}

// Variants returns the settings under which a client must work, by name:
// "default", "switch=value" for each other value of each switch, and "all-odd".
func Variants() map[string]Switches {
	var odd Switches
	all := map[string]Switches{"default": {}}
	for _, sw := range settings {
		if sw.odd != "" {
			odd = odd.with(sw, sw.odd)
		}
		for _, value := range strings.Fields(sw.values)[1:] {
			if value != "..." {
				all[sw.name+"="+value] = Switches{}.with(sw, value)
			}
		}
	}
	all["all-odd"] = odd
	return all
}

// with returns the switches with a value of the list.
func (s Switches) with(sw setting, value string) Switches {
	if err := sw.set(&s, value); err != nil {
		panic("emulator: " + err.Error())
	}
	return s
}
