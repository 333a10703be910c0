package faults_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// checkPlan plans and checks the exit code, and that the unwrapped output has each
// text exactly once.
func checkPlan(t *testing.T, tf *terraform, code int, once ...string) string {
	t.Helper()
	out, got := tf.run("plan", "-detailed-exitcode", "-input=false", "-lock=false")
	out = unwrapped(out)
	if got != code {
		t.Errorf("the plan ended with %d instead of %d:\n%s", got, code, out)
	}
	for _, text := range once {
		if n := strings.Count(out, text); n != 1 {
			t.Errorf("%q is there %d times:\n%s", text, n, out)
		}
	}
	return out
}

// TestAccPreflight_refused plans new resources with credentials and owners that
// Clarifai refuses: one error, after few requests.
func TestAccPreflight_refused(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	stranger := w.AddUser("stranger")
	seed(t, w, 1, 1)
	appKey := w.Keys(w.UserID(), "")[0].ID
	tf := newTerraform(t, w)
	config := tenants(4, "")
	for name, c := range map[string]struct {
		user, pat string
		texts     []string
	}{
		"malformed":   {w.UserID(), "malformed", []string{"Error: Clarifai refuses the PAT", "the PAT from pat in the provider block (code 11008)"}},
		"unknown":     {"", emulator.NewSecret(), []string{"Error: Clarifai refuses the PAT", "the PAT from pat in the provider block (code 11009)"}},
		"an app key":  {w.UserID(), appKey, []string{"an app-specific key cannot manage apps or keys"}},
		"no account":  {"nobody", w.PAT(), []string{`This PAT has no access to the account "nobody". Check user_id`}},
		"no business": {w.UserID(), stranger, []string{"This PAT has no access to the account", "The PAT from pat in the provider block was used."}},
	} {
		hcl := w.ConfigAs(c.user, c.pat, config)
		if c.user == "" {
			hcl = anyOwner(hcl)
		}
		tf.configure(hcl)
		w.Reset()
		checkPlan(t, tf, 1, append(c.texts, "Error: ", "`terraform destroy -refresh=false`")...)
		if n := w.Count(""); n > 4 {
			t.Errorf("%s: %d requests", name, n)
		}
	}
	if w.LiveApps() != 1 {
		t.Error("a plan created apps")
	}
}

// TestAccPreflight_destroy follows the advice of the error.
func TestAccPreflight_destroy(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := newTerraform(t, w)
	config := w.Config(tenants(1, ""))
	tf.configure(config)
	tf.apply()
	tf.configure(config + "resource \"clarifai_app\" \"new\" {\n  id = \"new\"\n  user_id = \"nobody\"\n}\n")
	if out, code := tf.run("destroy", "-auto-approve"); code != 1 || !strings.Contains(unwrapped(out), "`terraform destroy -refresh=false`") {
		t.Errorf("the destroy ended with %d:\n%s", code, out)
	}
	if out, code := tf.run("destroy", "-refresh=false", "-auto-approve"); code != 0 || w.LiveApps() > 0 {
		t.Errorf("the destroy ended with %d:\n%s", code, out)
	}
}

// TestAccPreflight_silent plans new resources where Clarifai gives no answer that
// could be relied on.
func TestAccPreflight_silent(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.TuneInventory(func(c *inventory.Config) { c.PreflightWait = 500 * time.Millisecond })
	tf := newTerraform(t, w)
	tf.configure(anyOwner(w.Config(tenants(3, ""))))
	for _, fault := range []emulator.Fault{
		{Kind: "status", HTTPStatus: http.StatusTooManyRequests}, {Kind: "status", HTTPStatus: http.StatusServiceUnavailable},
		{Kind: "html"}, {Kind: "cut_before"}, {Kind: "invalid_json"}, {Kind: "latency", Latency: 2 * time.Second},
	} {
		for _, method := range []string{"GetUser", "MyScopesUser", "ListApps"} {
			fault.Method, fault.Times = method, 1
			w.Reset()
			w.Inject(fault)
			checkPlan(t, tf, 2, "Plan: 9 to add")
			// Go itself sends again what a kept connection cut.
			if n := w.Count(method); n != 1 && fault.Kind != "cut_before" {
				t.Errorf("%s %s: %d requests", method, fault.Kind, n)
			}
			w.ClearFaults()
		}
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	tf.configure(strings.ReplaceAll(w.Config(tenants(3, "")), w.URL, "http://"+closed.Addr().String()))
	if out := checkPlan(t, tf, 2, "Plan: 9 to add"); strings.Contains(out, "Warning: The PAT") {
		t.Errorf("a warning without an answer:\n%s", out)
	}
}

// TestAccPreflight_scopes plans with PATs that lack scopes: a warning, so that a
// nightly plan with a PAT that may only read still reports drift.
func TestAccPreflight_scopes(t *testing.T) {
	t.Parallel()
	for _, names := range []string{"colon", "underscore"} {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{ScopeNames: names}})
		tf := newTerraform(t, w)
		tf.configure(w.Config(tenants(3, "")))
		tf.apply()
		reader := w.AddPAT(w.UserID(), "Apps:Get", "Keys:Get", "Workflows:Get", "Models:Get")
		tf.configure(w.ConfigAs(w.UserID(), reader, tenants(3, "")))
		w.Reset()
		if out := checkPlan(t, tf, 0); strings.Contains(out, "Warning") || w.Count("MyScopesUser") > 0 {
			t.Errorf("a plan without changes: %d requests for scopes\n%s", w.Count("MyScopesUser"), out)
		}
		for _, k := range w.Keys(w.UserID(), "")[:2] {
			if err := w.DeleteKey(k.ID); err != nil {
				t.Fatal(err)
			}
		}
		checkPlan(t, tf, 2, "Warning: The PAT lacks scopes", "Plan: 2 to add",
			"lacks scopes that the provider needs: Apps:Add, Apps:Delete, Keys:Add, Keys:Delete, Workflows:Add.")
		for _, pat := range []string{w.PAT(), w.AddPAT(w.UserID(), "Apps:Get", "Apps:Add", "Apps:Delete", "Keys:Get", "Keys:Add", "Keys:Delete", "Workflows:Get", "Workflows:Add", "Models:Get")} {
			tf.configure(w.ConfigAs(w.UserID(), pat, tenants(3, "")))
			if out := checkPlan(t, tf, 2); strings.Contains(out, "lacks scopes") {
				t.Errorf("a warning about a PAT with all scopes:\n%s", out)
			}
		}
	}
}

// TestAccPreflight_takenID: an app ID that is taken is a warning with a command
// that works, and a replaced app is not taken.
func TestAccPreflight_takenID(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := newTerraform(t, w)
	seed(t, w, 3, 0)
	config := anyOwner(w.Config("resource \"clarifai_app\" \"t\" {\n  id = \"app-0001\"\n}\nresource \"clarifai_app\" \"new\" {\n  id = \"new\"\n}\n"))
	tf.configure(config)
	command := "terraform import ADDRESS " + w.UserID() + "/app-0001"
	checkPlan(t, tf, 2, "Warning: App ID is taken", command)
	if out, code := tf.run(strings.Fields(strings.Replace(command, "ADDRESS", "clarifai_app.t", 1))[1:]...); code != 0 {
		t.Fatalf("the import fails:\n%s", out)
	}
	tf.apply()
	for _, args := range [][]string{{"-replace=clarifai_app.t"}, {"-replace=clarifai_app.t", "-refresh=false"}} {
		out, code := tf.run(append([]string{"plan", "-input=false"}, args...)...)
		if code != 0 || strings.Contains(out, "taken") {
			t.Errorf("%v ended with %d:\n%s", args, code, out)
		}
	}
	out, code := tf.run("apply", "-auto-approve", "-replace=clarifai_app.t")
	if code != 0 || strings.Contains(out, "taken") {
		t.Errorf("the replacement ended with %d:\n%s", code, out)
	}
}

// TestAccPreflight_requests counts what a plan of new resources asks. Validation
// sends no request.
func TestAccPreflight_requests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		apps, most int
		s          emulator.Switches
	}{
		{0, 4, emulator.Switches{}}, {20, 4, emulator.Switches{}}, {2500, 4 + 2, emulator.Switches{}},
		{20, 4, emulator.Switches{PageCap: 2}},
	} {
		t.Run(fmt.Sprint(c.apps, " ", c.s.PageCap), func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: c.s})
			seed(t, w, c.apps, 0)
			tf := newTerraform(t, w)
			tf.configure(anyOwner(w.Config(tenants(5, ""))))
			w.Reset()
			if out, code := tf.run("validate"); code != 0 || w.Count("") > 0 {
				t.Errorf("%d requests to validate, which ended with %d:\n%s", w.Count(""), code, out)
			}
			checkPlan(t, tf, 2, "Plan: 15 to add")
			if n := w.Count(""); n < 3 || n > c.most {
				t.Errorf("%d requests, at most %d wanted", n, c.most)
			}
		})
	}
}

// TestAccPreflight_owner plans with a user_id that is not the owner in the state:
// one warning, and nothing moves.
func TestAccPreflight_owner(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("acme", w.UserID())
	tf := newTerraform(t, w)
	config := tenants(3, "")
	tf.configure(w.Config(config))
	tf.apply()
	tf.configure(w.ConfigAs("acme", w.PAT(), config))
	checkPlan(t, tf, 0, "Warning: Resources of another account", "belong to \""+w.UserID()+"\"")
	explicit := strings.NewReplacer("  id       = each.key", "  id = each.key\n  user_id = \""+w.UserID()+"\"",
		"  app_id      =", "  user_id = \""+w.UserID()+"\"\n  app_id =").Replace(config)
	for _, hcl := range []string{w.ConfigAs("acme", w.PAT(), explicit), anyOwner(w.Config(config))} {
		tf.configure(hcl)
		if out := checkPlan(t, tf, 0); strings.Contains(out, "another account") {
			t.Errorf("a warning about an owner that the configuration names:\n%s", out)
		}
	}
	tf.configure(w.Config(config))
	checkDestroy(t, tf, w)

	// Unchanged keys, which the fast path answers for.
	seed(t, w, 1, 0)
	config = "resource \"clarifai_app_key\" \"k\" {\n  count = 3\n  app_id = \"app-0000\"\n  scopes = [\"Inputs:Get\"]\n}\n"
	tf.configure(w.Config(config))
	tf.apply()
	tf.configure(w.ConfigAs("acme", w.PAT(), config))
	checkPlan(t, tf, 0, "Warning: Resources of another account", "belong to \""+w.UserID()+"\"")
}
