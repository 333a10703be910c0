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
					if !strings.Contains(text, o.Result["id"]) || !strings.Contains(text, "Temporary key of a Terraform run") {
						t.Errorf("it does not say what to clean up: %s", text)
					}
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
