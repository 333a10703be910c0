package appkey_test

import (
	"regexp"
	"strings"
	"testing"

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

// TestEphemeral_refusals gives what no key can be found or created by.
func TestEphemeral_refusals(t *testing.T) {
	t.Parallel()
	w := temporaryWorld(t, emulator.Options{})
	const key, temporary = "clarifai_app_key", "clarifai_temporary_app_key"
	for _, c := range []struct {
		name   string
		fields map[string]any
		says   string
	}{
		{key, attributes{"id": w.UserID() + "/tenant/0123456789abcdef"}, `(?s)Cannot read app key.*has no key with the fingerprint`},
		{key, attributes{"id": "nobody/tenant/0123456789abcdef"}, `This PAT has no access to the account "nobody"\. Check user_id`},
		{key, attributes{"id": "tenant/0123456789abcdef"}, `Invalid app key ID`},
		{key, attributes{"id": w.UserID() + "/tenant/description=x"}, `Invalid app key ID`},
		{temporary, attributes{"app_id": "tenant"}, `Neither scopes nor endpoints`},
		{temporary, attributes{"app_id": "missing", "scopes": []string{"Predict"}}, `(?s)Cannot create temporary app key.*has no app "missing".*user_id = clarifai_app`},
		{temporary, attributes{"app_id": "no app", "scopes": []string{"Predict"}}, `must be an app ID`},
	} {
		if _, said := acctest.Open(t, w.Configured(t), c.name, c.fields); !said.Failed() || !regexp.MustCompile(c.says).MatchString(said.String()) {
			t.Errorf("%v: it does not say %q: %s", c.fields, c.says, said)
		}
	}
	w.CheckKeys(t, 0)
}

// A raw key as id is refused in words that do not repeat it, and without the
// path of the attribute, for which Terraform would show the line that sets it.
func TestEphemeralAppKey_rawKey(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	server := w.Configured(t)
	key := emulator.NewSecret()
	for _, id := range []string{key, w.UserID() + "/tenant/" + key, "tenant/" + key, " " + key, key + "/x/y"} {
		_, said := acctest.Open(t, server, "clarifai_app_key", map[string]any{"id": id})
		if len(said) != 1 || !said.Failed() {
			t.Fatalf("%d diagnostics", len(said))
		}
		d := said[0]
		if strings.Contains(d.Summary+d.Detail, key) || d.Attribute != nil || !strings.Contains(d.Detail, "user_id/app_id/fingerprint") {
			t.Error("the refusal shows the key, or does not say what to give instead")
		}
		if strings.HasSuffix(id, key) && id[0] != ' ' && !strings.Contains(d.Detail, fingerprint(key)) {
			t.Error("the refusal does not tell the fingerprint")
		}
	}
	if n := w.Count(""); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
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
