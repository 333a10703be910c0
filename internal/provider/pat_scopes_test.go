package provider_test

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// use is what is done with a type in a test: the whole life of a resource, each way
// of reading another type. The account has the app tenant with one key.
type use struct {
	*acctest.World
	t   *testing.T
	pat string
	key string // the ID of the key in Terraform
}

// states are what the configuration of each resource says, one after the other.
var states = map[string]func(use) []map[string]any{
	"clarifai_app": func(use) []map[string]any {
		return []map[string]any{{"id": "new", "description": "one"}, {"id": "new", "description": "two"}, {"id": "renamed", "description": "two"}}
	},
	"clarifai_app_key": func(use) []map[string]any {
		scopes := []string{"Predict"}
		return []map[string]any{{"app_id": "tenant", "scopes": scopes, "description": "one"}, {"app_id": "tenant", "scopes": scopes, "description": "two"}}
	},
	"clarifai_app_keys_exclusive": func(u use) []map[string]any {
		return []map[string]any{{"app_id": "tenant", "key_ids": []string{u.key}}}
	},
	"clarifai_rotating_app_key": func(use) []map[string]any {
		fields := func(description string) map[string]any {
			return map[string]any{"app_id": "tenant", "scopes": []string{"Predict"}, "description": description, "rotation_period": "90d"}
		}
		return []map[string]any{fields("one"), fields("two")}
	},
}

// uses are the uses of each other type.
var uses = map[string]func(use) error{
	"action clarifai_revoke_app_keys": func(u use) error {
		return u.invoke("clarifai_revoke_app_keys", map[string]any{"app_id": "tenant", "key_ids": []string{u.key}})
	},
	"data clarifai_app":     func(u use) error { return u.read("clarifai_app", map[string]any{"id": "tenant"}) },
	"data clarifai_app_key": func(u use) error { return u.read("clarifai_app_key", map[string]any{"id": u.key}) },
	"data clarifai_app_keys": func(u use) error {
		return cmp.Or(u.read("clarifai_app_keys", map[string]any{"app_id": "tenant"}), u.read("clarifai_app_keys", nil))
	},
	"data clarifai_apps":         func(u use) error { return u.read("clarifai_apps", nil) },
	"data clarifai_scopes":       func(u use) error { return u.read("clarifai_scopes", nil) },
	"data clarifai_user":         func(u use) error { return u.read("clarifai_user", nil) },
	"ephemeral clarifai_app_key": func(u use) error { return u.open("clarifai_app_key", map[string]any{"id": u.key}) },
	"ephemeral clarifai_temporary_app_key": func(u use) error {
		return u.open("clarifai_temporary_app_key", map[string]any{"app_id": "tenant", "scopes": []string{"Predict"}})
	},
	"resource clarifai_app_keys_exclusive": func(u use) error {
		u.MakeKey(u.t, emulator.Key{Scopes: []string{"Predict"}})
		fields := states["clarifai_app_keys_exclusive"](u)[0]
		stored, err := u.apply("clarifai_app_keys_exclusive", fields, fields) // the second time, it revokes the other key
		if err != nil {
			return err
		}
		_, said := u.process().Destroy(stored)
		return said.Err()
	},
	"list clarifai_app": func(u use) error { return u.list("clarifai_app", nil) },
	"list clarifai_app_key": func(u use) error {
		return cmp.Or(u.list("clarifai_app_key", nil), u.list("clarifai_app_key", map[string]any{"app_id": "tenant"}))
	},
}

// live takes a resource through these states, finds it gone, creates it again and
// destroys it.
func (u use) live(typeName string) error {
	u.t.Helper()
	states := states[typeName](u)
	stored, err := u.apply(typeName, states...)
	if err != nil {
		return err
	}
	u.removeNew()
	stored, said := u.process().Refresh(stored)
	if stored.Exists() && !said.Failed() {
		u.t.Error("what was deleted is still in the state")
	}
	if !said.Failed() {
		if stored, err = u.apply(typeName, states[0]); err != nil {
			return err
		}
		_, said = u.process().Destroy(stored)
	}
	return said.Err()
}

// process starts the provider with the PAT.
func (u use) process() *acctest.Process {
	u.t.Helper()
	return acctest.NewProcess(u.t, u.ConfiguredAs(u.t, u.pat))
}

// apply creates a resource and takes it through these states, each in a process of its own.
func (u use) apply(typeName string, states ...map[string]any) (*acctest.Stored, error) {
	u.t.Helper()
	stored := &acctest.Stored{Type: typeName}
	for _, s := range states {
		var said acctest.Said
		p := u.process()
		if stored, said = p.Apply(p.Plan(stored, s), nil); said.Failed() {
			return stored, said.Err()
		}
	}
	return stored, nil
}

// removeNew deletes everything but the app tenant and its first key.
func (u use) removeNew() {
	u.t.Helper()
	var errs []error
	for _, k := range u.Keys(u.UserID(), "tenant") {
		if !strings.HasSuffix(u.key, clarifai.Secret(k.ID).Fingerprint()) {
			errs = append(errs, u.DeleteKey(k.ID))
		}
	}
	for _, a := range u.Apps(u.UserID()) {
		if a.ID != "tenant" {
			errs = append(errs, u.DeleteApp(u.UserID(), a.ID))
		}
	}
	must(u.t, errors.Join(errs...))
}

func (u use) read(typeName string, fields map[string]any) error {
	u.t.Helper()
	if _, failure := acctest.ReadDataSource(u.t, u.ConfiguredAs(u.t, u.pat), typeName, fields); failure != "" {
		return errors.New(failure)
	}
	return nil
}

func (u use) invoke(typeName string, fields map[string]any) error {
	u.t.Helper()
	i := acctest.Invocation{Server: u.ConfiguredAs(u.t, u.pat), Type: typeName, Config: fields}
	if err := acctest.Said(i.Plan(u.t)).Err(); err != nil {
		return err
	}
	return acctest.Said(i.Invoke(u.t.Context(), u.t).Diagnostics).Err()
}

func (u use) list(typeName string, fields map[string]any) error {
	u.t.Helper()
	var errs []error
	for _, r := range acctest.List(u.t, u.ConfiguredAs(u.t, u.pat), acctest.Query{Type: typeName, Config: fields, Limit: 100}) {
		errs = append(errs, acctest.Said(r.Diagnostics).Err())
	}
	return errors.Join(errs...)
}

func (u use) open(typeName string, fields map[string]any) error {
	u.t.Helper()
	server := u.ConfiguredAs(u.t, u.pat)
	o, said := acctest.Open(u.t, server, typeName, fields)
	if said.Failed() {
		return said.Err()
	}
	return o.Close(u.t, server).Err()
}

// newUse returns a new account, and a PAT that has these scopes and no other.
func newUse(t *testing.T, scopes []string) use {
	t.Helper()
	w := acctest.Start(t, emulator.Options{})
	key := w.MakeKey(t, emulator.Key{Description: "first", Scopes: []string{"Predict"}})
	return use{World: w, t: t, pat: w.AddPAT(w.UserID(), scopes...), key: key}
}

// try uses a type, which calls nothing but what it is said to.
func (u use) try(s provider.TypeScopes) (err error) {
	u.t.Helper()
	switch block := s.Kind + " " + s.Type; {
	case uses[block] != nil:
		err = uses[block](u)
	case states[s.Type] != nil && s.Kind == "resource":
		err = u.live(s.Type)
	default:
		u.t.Fatal("add the type to states or uses")
	}
	for _, r := range u.Requests() {
		if m, _ := scope.LookupMethod(r.Method); r.Status == http.StatusOK && len(m.Scopes) > 0 && !slices.Contains(s.Methods, r.Method) {
			u.t.Errorf("it calls %s, which is not among its calls", r.Method)
		}
	}
	return err
}

// refresh reads a resource that another PAT has created.
func (u use) refresh(typeName string) error {
	u.t.Helper()
	p := u.Process(u.t)
	stored, said := p.Apply(p.PlanOnly(&acctest.Stored{Type: typeName}, states[typeName](u)[0]), nil)
	must(u.t, said.Err())
	if stored, said = u.process().Refresh(stored); said.Failed() {
		return said.Err()
	}
	u.removeNew()
	_, said = u.process().Refresh(stored)
	return said.Err()
}

// TestPATScopes uses each type with exactly the scopes that it is said to need,
// which is enough, and with each of them missing, which the error says.
func TestPATScopes(t *testing.T) {
	t.Parallel()
	for _, s := range provider.PATScopes() {
		t.Run(s.Kind+" "+s.Type, func(t *testing.T) {
			t.Parallel()
			needs := func(scopes []string, what string, do func(use) error) {
				if err := do(newUse(t, scopes)); err != nil {
					t.Errorf("%s with %v: %v", what, scopes, err)
				}
				for i, missing := range scopes {
					if err := do(newUse(t, slices.Delete(slices.Clone(scopes), i, i+1))); !isRefusal(err, missing) {
						t.Errorf("%s without %s: %v", what, missing, err)
					}
				}
			}
			needs(s.Scopes, "used", func(u use) error { return u.try(s) })
			if s.Kind == "resource" {
				needs(s.ReadScopes, "read", func(u use) error { return u.refresh(s.Type) })
			}
		})
	}
}

// isRefusal reports whether an error says that this scope is missing, beyond the
// advice, which lists all scopes.
func isRefusal(err error, missing string) bool {
	if err == nil {
		return false
	}
	for _, answer := range strings.Split(err.Error(), "missing scopes: ")[1:] {
		answer, _, _ = strings.Cut(answer, " (HTTP")
		if slices.Contains(strings.Split(answer, ", "), missing) {
			return true
		}
	}
	return false
}

// TestPATScopes_complete compares what is said to be called with what is served and
// with the catalog.
func TestPATScopes_complete(t *testing.T) {
	t.Parallel()
	schemas := answer(acctest.Start(t, emulator.Options{}).Provider().Server().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t)
	served := slices.Concat(
		blocks("resource", schemas.ResourceSchemas), blocks("data", schemas.DataSourceSchemas), blocks("ephemeral", schemas.EphemeralResourceSchemas),
		blocks("list", schemas.ListResourceSchemas), blocks("action", schemas.ActionSchemas),
	)
	var said, union []string
	for _, s := range provider.PATScopes() {
		said = append(said, s.Kind+" "+s.Type)
		union = append(union, s.Scopes...)
		for _, name := range s.Methods {
			if _, ok := scope.LookupMethod(name); !ok {
				t.Errorf("%s %s calls %s, which is not in the API", s.Kind, s.Type, name)
			}
		}
	}
	slices.Sort(served)
	slices.Sort(said)
	apitest.Equal(t, said, served, "types that calls lists, and the provider serves")
	slices.Sort(union)
	if union, required := slices.Compact(union), slices.Sorted(slices.Values(advice.RequiredScopes())); !slices.Equal(union, required) {
		t.Errorf("the types need %v, but the provider asks for %v", union, required)
	}
}

func blocks[T any](kind string, schemas map[string]T) []string {
	var all []string
	for name := range schemas {
		all = append(all, kind+" "+name)
	}
	return all
}
