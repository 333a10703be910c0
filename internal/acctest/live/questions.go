package live

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// question is about one or more behaviors.
type question struct {
	names string
	ask   func(*probe, context.Context) error
}

// stranger is an account that exists and that the PAT may not act for.
const stranger = "clarifai"

// nobody is a key that does not exist.
var nobody = strings.Repeat("0", 32)

// questions are asked in this order: later ones use what earlier ones created.
var questions = []question{
	{"foreign_account", byAnswer("ListKeys", func(*probe) request { return get(stranger, "keys") }, func(got answer) string {
		if !got.refused() {
			return ""
		}
		return either(got.code == "11101", "not_found", "refused")
	})},
	{"foreign_apps", byAnswer("ListApps", func(*probe) request { return get(stranger, "apps") }, ifRefused("hidden", "public"))},
	{"my_scopes_user", byAnswer("MyScopesUser", func(p *probe) request {
		return get(p.run+"-nobody", "myscopes")
	}, ifRefused("checked", "ignored"))},
	{"app_owner write_answers create_lag default_key default_workflow enums timestamps", (*probe).askNewApp},
	{"duplicate_app_code", byAnswer("PostApps", func(p *probe) request { return p.newApp(p.app) }, codeOfRefusal)},
	{"clear_strings", (*probe).askClearStrings},
	{"max_app_id_length", (*probe).askMaxAppIDLength},
	{"unknown_fields", byAnswer("PatchApp", func(p *probe) request {
		body := fields{"action": "overwrite", "app": fields{"description": description, "no_such_field": true}}
		return request{verb: "PATCH", path: []string{p.owner, "apps", p.app}, body: body}
	}, ifRefused("refused", "ignored"))},
	{"scope_names scope_order echo_type", (*probe).askNewKeys},
	{"listing_order page_cap shifting_pages", (*probe).askPages},
	{"per_page_above_1000", byAnswer("ListAppKeys", func(p *probe) request {
		r := get(p.owner, "apps", p.app, "keys")
		r.query = url.Values{"per_page": {"1001"}}
		return r
	}, ifRefused("refused", "accepted"))},
	{"account_listing", (*probe).askAccountListing},
	{"scopes", byNewKey(func(*probe) fields { // the scope lacks those that it depends on
		return fields{"scopes": []string{"Inputs:Add"}}
	}, func(key wireKey) string {
		return either(len(key.Scopes) == 1, "stored", "expanded")
	})},
	{"default_scopes", byNewKey(func(*probe) fields { return nil }, func(key wireKey) string {
		return cmp.Or(strings.ToLower(strings.Join(key.Scopes, " ")), "none")
	})},
	{"key_endpoints", byNewKey(func(*probe) fields {
		return fields{"scopes": scopesSent, "endpoints": []string{"/clarifai.api.V2/GetApp"}}
	}, func(key wireKey) string {
		return either(len(key.Endpoints) > 0, "shown", "hidden")
	})},
	{"key_overwrite patch_changes", (*probe).askKeyPatch},
	{"expires_at", byNewKey(func(p *probe) fields { return p.expiring(time.Hour) }, func(key wireKey) string {
		return either(key.ExpiresAt != "", "stored", "ignored")
	})},
	{"expired_keys", (*probe).askExpired},
	{"key_not_found", byAnswer("GetKey", func(p *probe) request { return get(p.owner, "keys", nobody) }, codeOfRefusal)},
	{"success_on_failure", byAnswer("GetKey", func(p *probe) request { return get(p.owner, "keys", nobody) }, func(got answer) string {
		return either(got.refused(), strconv.FormatBool(got.http == http.StatusOK), "")
	})},
	{"delete_misses delete_lag id_after_deletion", (*probe).askDeletion},
	{"outside_models", (*probe).askOutsideModels},
	{"rename_old rename_keys rename_lag", (*probe).askRename},
}

// newApp is a request for an app, which may exist.
func (p *probe) newApp(id string) request {
	return request{verb: "POST", path: []string{p.asked, "apps"}, body: fields{"apps": []any{fields{"id": id}}}}
}

func get(path ...string) request { return request{verb: "GET", path: path} }

// byAnswer asks a question that the answer to one request decides.
func byAnswer(what string, of func(*probe) request, value func(answer) string) func(*probe, context.Context) error {
	return func(p *probe, ctx context.Context) error {
		got, err := p.do(ctx, what, of(p))
		if err == nil {
			p.record(p.asking[0], value(got), "%s answers %s", what, got)
		}
		return err
	}
}

// ifRefused returns one of two values.
func ifRefused(refused, accepted string) func(answer) string {
	return func(got answer) string { return either(got.refused(), refused, accepted) }
}

func codeOfRefusal(got answer) string { return either(got.refused(), got.code, "") }

func either(holds bool, yes, no string) string {
	if holds {
		return yes
	}
	return no
}

// byNewKey asks a question that a key with these fields decides, once it is read, unless
// Clarifai refuses it.
func byNewKey(with func(*probe) fields, value func(wireKey) string) func(*probe, context.Context) error {
	return func(p *probe, ctx context.Context) error {
		id, got, err := p.postKey(ctx, with(p))
		if err == nil && got.refused() {
			p.record(p.asking[0], "refused", "%s", got)
		}
		if err != nil || got.refused() {
			return err
		}
		key, err := p.readKey(ctx, id)
		if err == nil {
			p.record(p.asking[0], value(key), "a key has the scopes %v, the endpoints %v and expires_at %q",
				key.Scopes, key.Endpoints, key.ExpiresAt)
		}
		return err
	}
}
