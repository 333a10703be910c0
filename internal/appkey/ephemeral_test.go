package appkey_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestEphemeral_variants opens a key that the state does not store, and temporary keys, however
// Clarifai shows keys. A close, in another process, leaves what was there before.
func TestEphemeral_variants(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		e := w.NewEstate(t)
		must(t, e.Apply(inTenant(predict, attributes{"description": "service", "store_key": false})))
		want, before := w.Process(t).Texts(e.Stored(address)), w.LiveKeys()
		server := w.Configured(t)
		got := open(t, server, "clarifai_app_key", map[string]any{"id": want["id"]}).Result
		for _, name := range []string{"id", "user_id", "app_id", "description", "fingerprint", "expires_at"} {
			apitest.Equal(t, got[name], want[name], name)
		}
		apitest.Equal(t, fingerprint(got["key"]), want["fingerprint"], "fingerprint of the value")
		var all []acctest.Opened
		for range 3 {
			all = append(all, open(t, server, "clarifai_temporary_app_key", temporaryFields))
		}
		apitest.Equal(t, w.LiveKeys(), before+3, "living keys")
		for _, o := range all {
			if d := o.Close(t, w.Configured(t)); len(d) > 0 {
				t.Error(d[0].Summary, d[0].Detail)
			}
		}
		apitest.Equal(t, w.LiveKeys(), before, "living keys")
	})
}

// TestEphemeral_refusals gives what no key can be found or created by. A raw key as id is not
// repeated.
func TestEphemeral_refusals(t *testing.T) {
	t.Parallel()
	w := temporaryWorld(t, emulator.Options{})
	id := w.MakeKey(t, emulator.Key{Scopes: []string{"Predict"}})
	raw := w.Keys(w.UserID(), "tenant")[0].ID
	asKey := "user_id/app_id/fingerprint.*its fingerprint is " + fingerprint(raw)
	const key, temporary = "clarifai_app_key", "clarifai_temporary_app_key"
	for _, c := range []struct {
		name   string
		fields map[string]any
		says   string
	}{
		{key, attributes{"id": w.UserID() + "/tenant/0123456789abcdef"}, `Cannot read app key.*has no key with the fingerprint`},
		{key, attributes{"id": "nobody/tenant/0123456789abcdef"}, `This PAT has no access to the account "nobody"\. Check user_id`},
		{key, attributes{"id": "tenant/0123456789abcdef"}, `Invalid app key ID`},
		{key, attributes{"id": w.UserID() + "/tenant/description=x"}, `Invalid app key ID`},
		{key, attributes{"id": raw}, asKey},
		{key, attributes{"id": strings.Replace(id, fingerprint(raw), raw, 1)}, asKey},
		{key, attributes{"id": "tenant/" + raw}, asKey},
		{key, attributes{"id": " " + raw}, `user_id/app_id/fingerprint`},
		{key, attributes{"id": raw + "/x/y"}, `user_id/app_id/fingerprint`},
		{temporary, attributes{"app_id": "tenant"}, `Neither scopes nor endpoints`},
		{temporary, attributes{"app_id": "missing", "scopes": []string{"Predict"}}, `Cannot create temporary app key.*has no app "missing".*user_id = clarifai_app`},
		{temporary, attributes{"app_id": "no app", "scopes": []string{"Predict"}}, `must be an app ID`},
	} {
		_, said := acctest.Open(t, w.Configured(t), c.name, c.fields)
		if holdsSecret(w, said.String()) {
			t.Errorf("what says %q repeats the key", c.says)
		} else if !said.Failed() || !regexp.MustCompile("(?s)"+c.says).MatchString(said.String()) {
			t.Errorf("%v: it does not say %q: %s", c.fields, c.says, said)
		}
	}
	w.CheckKeys(t, 1)
}

// Terraform opens ephemeral resources several times a run: a listing serves
// the keys of many.
func TestEphemeralAppKey_isCheap(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	for range 19 {
		w.MakeKey(t, emulator.Key{Scopes: []string{"Predict"}})
	}
	server := w.Configured(t)
	for range 3 {
		for _, k := range w.Keys(w.UserID(), "tenant") {
			o := open(t, server, "clarifai_app_key", map[string]any{"id": w.UserID() + "/tenant/" + fingerprint(k.ID)})
			apitest.Equal(t, fingerprint(o.Result["key"]), fingerprint(k.ID), "fingerprint of the value")
			if len(o.Private) > 0 && strings.Contains(string(o.Private), k.ID) {
				t.Error("private data holds the key")
			}
		}
	}
	if n := w.Count(""); n != 2 { // a page of keys, and the empty one
		t.Errorf("%d requests for 57 openings", n)
	}
}

// temporaryWorld has the app that a temporary key is for.
func temporaryWorld(t *testing.T, o emulator.Options) *acctest.World {
	t.Helper()
	w := acctest.Start(t, o)
	w.MakeApps(t, "tenant")
	return w
}

var temporaryFields = map[string]any{"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}}

// TestTemporaryAppKey_expires: a key that nobody revokes expires after a day, where Clarifai
// lets it. Where not, that costs no more than one request.
func TestTemporaryAppKey_expires(t *testing.T) {
	t.Parallel()
	for value, posts := range map[string]int{"stored": 3, "ignored": 3, "refused": 4} {
		w := temporaryWorld(t, emulator.Options{Switches: emulator.Switches{ExpiresAt: value}})
		server := w.Configured(t)
		for range 3 {
			o := open(t, server, "clarifai_temporary_app_key", temporaryFields)
			k := w.Keys(w.UserID(), "tenant")[0]
			if in := time.Until(k.ExpiresAt); value == "stored" && (in < 23*time.Hour || in > 24*time.Hour) || value != "stored" && !k.ExpiresAt.IsZero() {
				t.Errorf("%s: it expires at %s", value, k.ExpiresAt)
			}
			if d := o.Close(t, server); len(d) > 0 {
				t.Fatal(d[0].Detail)
			}
		}
		apitest.Equal(t, w.Count("PostKeys"), posts, "requests for 3 keys", value)
		w.CheckKeys(t, 0)
	}
	// A lost answer is no refusal: the key may be there.
	w := temporaryWorld(t, emulator.Options{Switches: emulator.Switches{ExpiresAt: "refused"}})
	server := w.Configured(t)
	w.Inject(emulator.Fault{Method: "PostKeys", Kind: "cut_before"})
	_, said := acctest.Open(t, server, "clarifai_temporary_app_key", temporaryFields)
	if n := w.Count("PostKeys"); len(said) == 0 || n != 2 || w.LiveKeys() > 0 {
		t.Errorf("%d requests, and it says %s", n, said)
	}
}

// What is kept between open and close finds the key and does not tell it.
func TestTemporaryAppKey_private(t *testing.T) {
	t.Parallel()
	w := temporaryWorld(t, emulator.Options{})
	server := w.Configured(t)
	o := open(t, server, "clarifai_temporary_app_key", map[string]any{"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}, "description": "smoke test"})
	keys := w.Keys(w.UserID(), "tenant")
	if len(keys) != 1 || o.Result["key"] != keys[0].ID || o.Result["fingerprint"] != fingerprint(keys[0].ID) ||
		o.Result["id"] != w.UserID()+"/tenant/"+fingerprint(keys[0].ID) {
		t.Fatal("what was opened is not the key that was created")
	}
	if !regexp.MustCompile(`^Temporary key of a Terraform run, made 20\d\d-[0-9T:-]+Z: smoke test$`).MatchString(keys[0].Description) {
		t.Errorf("the description is %q", keys[0].Description)
	}
	var private map[string][]byte // its values are in base64
	must(t, json.Unmarshal(o.Private, &private))
	noted := string(private["temporary_key"])
	apitest.Says(t, noted, fingerprint(keys[0].ID))
	for _, text := range []string{string(o.Private), noted} {
		for _, form := range []string{base64.StdEncoding.EncodeToString([]byte(keys[0].ID)), hex.EncodeToString([]byte(keys[0].ID)), keys[0].ID[:12], keys[0].ID[20:]} {
			if strings.Contains(text, form) {
				t.Error("private data holds the key")
			}
		}
	}
	// Terraform may close in another process than it opened in.
	if d := o.Close(t, w.Configured(t)); len(d) > 0 {
		t.Error(d[0].Summary, d[0].Detail)
	}
	w.CheckKeys(t, 0)
}

// TestTemporaryAppKey_close closes in all circumstances: revoked or gone is a
// success, and whatever is in doubt is not.
func TestTemporaryAppKey_close(t *testing.T) {
	t.Parallel()
	delPAT := func(w *acctest.World) error { return w.DeleteKey(w.PAT()) }
	gone := func(w *acctest.World) error { return w.DeleteKey(w.Keys(w.UserID(), "tenant")[0].ID) }
	fault := func(kind string, f emulator.Fault) func(*acctest.World) error {
		f.Kind = kind
		return func(w *acctest.World) error {
			w.Inject(f)
			return nil
		}
	}
	for name, c := range map[string]struct {
		before func(*acctest.World) error
		fails  bool
		left   int
	}{
		"as usual":     {before: func(*acctest.World) error { return nil }},
		"gone already": {before: gone},
		// This run has seen the app, so one that is gone contradicts an answer.
		"app gone":                {before: func(w *acctest.World) error { return w.DeleteApp(w.UserID(), "tenant") }, fails: true},
		"renamed":                 {before: func(w *acctest.World) error { return w.RenameApp(w.UserID(), "tenant", "other") }},
		"cut before":              {before: fault("cut_before", emulator.Fault{Method: "DeleteKey"})},
		"cut after":               {before: fault("cut_after", emulator.Fault{Method: "DeleteKey"})},
		"garbled":                 {before: fault("invalid_json", emulator.Fault{Method: "DeleteKey"})},
		"a proxy's page":          {before: fault("html_after", emulator.Fault{Method: "DeleteKey"})},
		"refused":                 {before: fault("echo_key", emulator.Fault{Method: "DeleteKey", HTTPStatus: 400}), fails: true, left: 1},
		"server down":             {before: fault("cut_before", emulator.Fault{Times: -1}), fails: true, left: 1},
		"server fails":            {before: fault("echo_key", emulator.Fault{HTTPStatus: 500, Times: -1}), fails: true, left: 1},
		"redirect":                {before: fault("redirect", emulator.Fault{Method: "DeleteKey", Details: "/v2/elsewhere", Times: -1}), fails: true, left: 1},
		"PAT revoked":             {before: delPAT, fails: true, left: 1},
		"not found, PAT in doubt": {before: fault("echo_key", emulator.Fault{Code: 11009, Times: -1}), fails: true, left: 1},
		// The app's own listing lacks the key, which only the right account shows.
		"not found, and no scopes": {before: func(w *acctest.World) error {
			w.Inject(emulator.Fault{Method: "MyScopesUser", Kind: "cut_before", Times: -1})
			return gone(w)
		}},
		"not found, and no answer": {before: func(w *acctest.World) error {
			w.Inject(emulator.Fault{Method: "ListAppKeys", Kind: "cut_before", Times: -1})
			return gone(w)
		}, fails: true},
	} {
		for _, code := range []int{11101, 11009} {
			t.Run(fmt.Sprint(name, " ", code), func(t *testing.T) {
				t.Parallel()
				w := temporaryWorld(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: code}})
				server := w.Configured(t)
				// One that is gone makes the client trust the account; a later
				// answer must not count because of that.
				first := open(t, server, "clarifai_temporary_app_key", temporaryFields)
				must(t, gone(w))
				if d := first.Close(t, server); len(d) > 0 {
					t.Fatal(d[0].Summary, d[0].Detail)
				}
				o := open(t, server, "clarifai_temporary_app_key", temporaryFields)
				key := o.Result["key"]
				must(t, c.before(w))
				d := o.Close(t, server)
				apitest.Equal(t, len(d) > 0, c.fails, "it fails")
				for _, d := range d {
					text := d.Summary + d.Detail
					if d.Severity != tfprotov6.DiagnosticSeverityError || strings.Contains(text, key) || strings.Contains(text, w.Secrets()[0]) {
						t.Error("no error, or one with a secret")
					}
					apitest.Says(t, text, o.Result["id"], "Temporary key of a Terraform run")
				}
				apitest.Equal(t, w.LiveKeys(), c.left, "keys left")
			})
		}
	}
}

// An open that fails leaves nothing: Terraform closes only what was opened.
func TestTemporaryAppKey_openFails(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cut_before", "cut_after", "truncate", "invalid_json", "html", "html_after", "status_after", "echo_key"} {
		for _, times := range []int{1, 2} {
			t.Run(fmt.Sprint(kind, times), func(t *testing.T) {
				t.Parallel()
				w := temporaryWorld(t, emulator.Options{})
				server := w.Configured(t)
				w.Inject(emulator.Fault{Method: "PostKeys", Kind: kind, Times: times})
				if o, said := acctest.Open(t, server, "clarifai_temporary_app_key", temporaryFields); !said.Failed() {
					if d := o.Close(t, server); len(d) > 0 {
						t.Error(d[0].Summary, d[0].Detail)
					}
				}
				w.CheckKeys(t, 0)
			})
		}
	}
}

// TestTemporaryAppKey_end ends the provider without a close, as Terraform does
// after an error.
func TestTemporaryAppKey_end(t *testing.T) {
	t.Parallel()
	w := temporaryWorld(t, emulator.Options{})
	p := w.Provider()
	server := w.Configure(t, p.Server())
	first := open(t, server, "clarifai_temporary_app_key", temporaryFields)
	for range 3 {
		open(t, server, "clarifai_temporary_app_key", temporaryFields)
	}
	if d := first.Close(t, server); len(d) > 0 {
		t.Error(d[0].Summary)
	}
	apitest.Equal(t, w.LiveKeys(), 3, "keys open")
	deleted := w.Count("DeleteKey")
	must(t, p.Close(t.Context()))
	w.CheckKeys(t, 0)
	apitest.Equal(t, w.Count("DeleteKey")-deleted, 3, "deletions for 3 keys")
	open(t, server, "clarifai_temporary_app_key", temporaryFields)
	w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "echo_key", HTTPStatus: 400})
	if err := p.Close(t.Context()); err == nil || strings.Contains(err.Error(), w.Keys(w.UserID(), "")[0].ID) {
		t.Error("a key that could not be revoked is no error, or is told")
	}
}
