package appkey_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// importing returns a state that holds one key, imported by an ID with a suffix.
func importing(t *testing.T, w *acctest.World, id string) *acctest.Estate {
	t.Helper()
	e := w.NewEstate(t)
	e.OtherApps = 1
	must(t, e.Import(address, id))
	return e
}

func ofTenant(all ...attributes) acctest.Resources {
	r := inTenant(all...)
	delete(r, "clarifai_app.t")
	return r
}

// TestAppKey_importThenPlan imports keys created by hand: whatever the server shows of
// what the configuration says, the key is not touched.
func TestAppKey_importThenPlan(t *testing.T) {
	t.Parallel()
	dependent, hidden := []string{"Inputs:Add", "Inputs:Get"}, attributes{"store_key": false}
	scoped, keepers := attributes{"scopes": dependent}, attributes{"keepers": map[string]string{"month": "11"}}
	predicting, adding := emulator.Key{Scopes: []string{"Predict"}}, emulator.Key{Scopes: dependent}
	described := func(text string) emulator.Key { return emulator.Key{Description: text, Scopes: []string{"Predict"}} }
	dated, passed := predicting, predicting
	dated.ExpiresAt, passed.ExpiresAt = time.Date(2100, 1, 2, 3, 4, 5, 123, time.UTC), time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	const updated, withoutSecret = "update app_key.k", ",store_key=false"
	for name, c := range map[string]struct {
		switches emulator.Switches
		key      emulator.Key
		suffix   string
		by       string // instead of the id
		want     []attributes
		plan     string
	}{
		"by id": {
			key:  emulator.Key{Description: "by hand", Scopes: []string{"Predict", "Search"}, Endpoints: outputs},
			want: []attributes{{"description": "by hand", "scopes": []string{"Search", "Predict"}, "endpoints": outputs}},
		},
		"by description":                    {key: described("a, b/c = d"), by: "description=a, b/c = d", want: []attributes{predict, {"description": "a, b/c = d"}}},
		"without the secret":                {key: predicting, suffix: withoutSecret, want: []attributes{predict, hidden}},
		"by description without the secret": {key: described("x"), by: "description=x", suffix: withoutSecret, want: []attributes{predict, hidden, {"description": "x"}}},
		"the secret is dropped":             {key: predicting, want: []attributes{predict, hidden}, plan: updated},
		"with keepers":                      {key: predicting, want: []attributes{predict, keepers}, plan: updated},
		"with keepers, without the secret":  {key: predicting, suffix: withoutSecret, want: []attributes{predict, keepers, hidden}, plan: updated},
		"scopes with their dependencies":    {switches: emulator.Switches{Scopes: "expanded"}, key: adding, want: []attributes{scoped}},
		"scopes in the other spelling":      {switches: emulator.Switches{ScopeNames: "underscore", ScopeOrder: "reversed"}, key: adding, want: []attributes{scoped}},
		"both":                              {switches: emulator.Switches{Scopes: "expanded", ScopeNames: "underscore"}, key: adding, want: []attributes{scoped}},
		"configured with underscores":       {key: adding, want: []attributes{{"scopes": []string{"Inputs_Add", "Inputs_Get"}}}},
		"with its date":                     {key: dated, want: []attributes{predict, {"expires_at": "2100-01-02T04:04:05.4+01:00"}}},
		"with a date that is not named":     {key: dated, want: []attributes{predict}},
		"with a date that has passed":       {key: passed, want: []attributes{predict, {"expires_at": "2020-01-02T03:04:05Z"}}},
		"only endpoints":                    {key: emulator.Key{Endpoints: outputs}, want: []attributes{{"endpoints": outputs}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: c.switches})
			id := w.MakeKey(t, c.key)
			if c.by != "" {
				id = w.UserID() + "/tenant/" + c.by
			}
			e := importing(t, w, id+c.suffix)
			if text := e.Stored(address).Text(); c.suffix != "" && strings.Contains(text, w.Keys(w.UserID(), "tenant")[0].ID) {
				t.Error("the import stores the secret")
			}
			e.Follow(acctest.Step{Want: ofTenant(c.want...), Plan: c.plan, Same: "app_key.k", After: func() {
				if n := w.Count("PostKeys") + w.Count("DeleteKey"); n > 0 {
					t.Errorf("the import cost %d keys", n)
				}
			}})
		})
	}
}

// TestAppKey_importKeepers rotates a key after its keepers were written down. Once an
// imported key was changed, they are no longer merely written down.
func TestAppKey_importKeepers(t *testing.T) {
	t.Parallel()
	month := func(m string) attributes { return attributes{"keepers": map[string]string{"month": m}} }
	changed := attributes{"description": "changed"}
	for _, steps := range [][]acctest.Step{
		{
			{Want: ofTenant(predict, month("11")), Plan: "update app_key.k", Same: "app_key.k"},
			{Want: ofTenant(predict, month("12")), Plan: "replace app_key.k", New: "app_key.k"},
		},
		{
			{Want: ofTenant(predict)},
			{Want: ofTenant(predict, changed), Plan: "update app_key.k", Same: "app_key.k"},
			{Want: ofTenant(predict, changed, month("12")), Plan: "replace app_key.k", New: "app_key.k"},
		},
	} {
		w := acctest.Start(t, emulator.Options{})
		importing(t, w, w.MakeKey(t, emulator.Key{Scopes: []string{"Predict"}})).Follow(steps...)
	}
	r := plainKey(t, emulator.Switches{})
	r.stored, _ = r.Process(t).Import("clarifai_app_key", r.state()["id"])
	r.want(predict, attributes{"keepers": acctest.Unknown}) // whatever they turn out to be, they are the first ones
	plan := r.plan()
	r.want(predict, month("11"))
	var said acctest.Said
	if r.stored, said = r.Process(t).Apply(plan, r.config); plan.Action != acctest.Update || said.Failed() || r.Count("PostKeys")+r.Count("DeleteKey") != 1 {
		t.Errorf("keepers that are unknown %s the key: %s", plan.Action, said)
	}
	r.want(predict, month("12"))
	r.expect(acctest.Replace)
}

// TestAppKey_importForms imports in each form: the state is the same. It refuses others,
// and a key in place of its ID without repeating it.
func TestAppKey_importForms(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	id := w.MakeKey(t, emulator.Key{Description: "imported", Scopes: []string{"Predict"}})
	raw := w.Keys(w.UserID(), "tenant")[0].ID
	w.MakeKey(t, emulator.Key{Description: "twice", Scopes: []string{"Predict"}})
	w.MakeKey(t, emulator.Key{Description: "twice", Scopes: []string{"Search"}})
	w.AddUser("stranger")
	app := w.UserID() + "/tenant/"
	p := w.Process(t)
	want := p.Texts(importing(t, w, id).Stored(address))
	for _, form := range []string{app + "description=imported", "me/tenant/description=imported", id + ",store_key=true", id + ",store_key=false"} {
		want := maps.Clone(want)
		if strings.HasSuffix(form, "false") {
			delete(want, "key")
		}
		if got := p.Texts(importing(t, w, form).Stored(address)); !maps.Equal(got, want) {
			t.Errorf("%s: another state", form)
		}
	}
	asKey := "The import ID is a key.*Import it as " + id + " instead"
	for given, text := range map[string]string{
		app + "description=nothing":                  `Cannot find app key.*No key.*has the description.*Its keys`,
		app + "description=twice":                    `Several keys have the description.*Use one of these IDs`,
		app + "0123456789abcdef":                     `The app \S+/tenant has no key with the fingerprint 0123456789abcdef`,
		w.UserID() + "/nothing/0123456789abcdef":     w.UserID() + ` has no app "nothing"\.`,
		w.UserID() + "/nothing/description=x":        `Cannot find app key.*has no app`,
		strings.Replace(id, "/tenant/", "/nope/", 1): `no app "nope".*the key is in the app emulator-user/tenant.*` + id,
		"stranger/tenant/0123456789abcdef":           `This PAT has no access to the account "stranger"\. Check user_id`,
		"tenant/0123456789abcdef":                    `user_id/app_id/fingerprint`,
		app + "description=":                         `user_id/app_id/description=TEXT`,
		raw:                                          asKey, app + raw: asKey, raw + ",store_key=false": asKey, w.UserID() + "/" + raw: asKey,
	} {
		err := w.NewEstate(t).Import(address, given)
		switch shown := strings.ReplaceAll(given, raw, "…"); {
		case err == nil:
			t.Errorf("%s is taken", shown)
		case strings.Contains(err.Error(), raw):
			t.Errorf("%s: the error repeats the key", shown)
		case !regexp.MustCompile("(?s)" + text).MatchString(err.Error()):
			t.Errorf("%s: %v", shown, err)
		}
	}
	for _, kind := range []string{"clarifai_app", "clarifai_app_key", rotatingType, "clarifai_app_keys_exclusive"} { // terraform import ADDRESS ""
		if _, said := p.Import(kind, ""); len(said) != 1 || said[0].Summary != "Invalid import ID" {
			t.Errorf("%s: nothing to import by: %s", kind, said)
		}
	}
	_, diags := w.ImportByIdentity(t, "clarifai_app_key", attributes{"user_id": w.UserID(), "app_id": "tenant", "fingerprint": raw})
	if said := acctest.Said(diags); !said.Failed() || !strings.Contains(said.String(), "16 hex digits") || strings.Contains(said.String(), raw) {
		t.Error("a key in place of its fingerprint is taken, or repeated")
	}
}

// TestAppKey_importOtherScopes imports a key whose scopes are not the configured ones: the
// plan would replace it, and gives what to write to keep it.
func TestAppKey_importOtherScopes(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	both := []string{"Inputs:Add", "Inputs:Get"}
	id := w.MakeKey(t, emulator.Key{Scopes: both})
	p := w.Process(t) // which imports and plans, as for an import block
	imported, said := p.Import("clarifai_app_key", id)
	plan := p.PlanOnly(imported, ofTenant(attributes{"scopes": both[:1]})[address])
	said = append(said, plan.Said...)
	if plan.Action != acctest.Replace ||
		!regexp.MustCompile(`(?s)The imported app key is replaced.*To keep the key, set\s+scopes = \["Inputs:Add", "Inputs:Get"\]`).MatchString(said.String()) {
		t.Errorf("%s: %s", plan.Action, said)
	}
	importing(t, w, id).Follow(acctest.Step{Want: ofTenant(attributes{"scopes": both}), Same: "app_key.k"})
}

// TestAppKeyID gives the ID of a key that Terraform does not know, and refuses what is none without
// repeating it.
func TestAppKeyID(t *testing.T) {
	t.Parallel()
	server := acctest.Start(t, emulator.Options{}).Provider().Server()
	call := func(arguments ...string) *tfprotov6.CallFunctionResponse {
		t.Helper()
		req := &tfprotov6.CallFunctionRequest{Name: "app_key_id"}
		for _, a := range arguments {
			v, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, a))
			must(t, err)
			req.Arguments = append(req.Arguments, &v)
		}
		resp, err := server.CallFunction(t.Context(), req)
		must(t, err)
		return resp
	}
	key := "0123456789abcdef0123456789abcdef"
	resp := call("u", "a", key)
	if resp.Error != nil {
		t.Fatal(resp.Error.Text)
	}
	v, err := resp.Result.Unmarshal(tftypes.String)
	var id string
	if err == nil {
		err = v.As(&id)
	}
	if err != nil || id != "u/a/3eb1bd439947eb76" { // printf %s 0123456789abcdef0123456789abcdef | sha256sum
		t.Errorf("%q, %v", id, err)
	}
	for _, c := range []struct {
		at        int64
		arguments []string
	}{
		{0, []string{"", "a", key}}, {0, []string{"u/a", "a", key}}, {0, []string{key + "/", "a", key}}, {1, []string{"u", "", key}}, {0, []string{"me", "a", key}}, {0, []string{"a user", "a", key}}, {1, []string{"u", "bad app", key}}, {1, []string{"me2", "a.b", key}}, {1, []string{"u", "a/" + key, key}},
		{2, []string{"u", "a", ""}}, {2, []string{"u", "a", "short"}}, {2, []string{"u", "a", fingerprint(key)}}, {2, []string{"u", "a", " " + key}}, {2, []string{"u", "a", key + "\n"}}, {2, []string{"u", "a", "u/a/" + key}},
	} {
		e := call(c.arguments...).Error
		if e == nil || e.FunctionArgument == nil || *e.FunctionArgument != c.at {
			t.Errorf("argument %d is not refused", c.at)
			continue
		}
		if strings.Contains(e.Text, key[:12]) {
			t.Errorf("the refusal of argument %d repeats the key", c.at)
		}
	}
}
