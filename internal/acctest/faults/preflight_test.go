package faults_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestPreflight_refused plans new resources with credentials and owners that Clarifai
// refuses, in either way: one error that says whose PAT it is, after few requests.
func TestPreflight_refused(t *testing.T) {
	t.Parallel()
	for _, s := range []emulator.Switches{{}, {ForeignAccount: "refused"}} {
		w, _ := start(t, s, 1)
		stranger := w.AddUser("stranger")
		appKey := seed(t, w, 1, 1)[0].ID
		noAccess := func(user string) []string {
			if s.ForeignAccount == "refused" {
				return []string{": The PAT belongs to another account", fmt.Sprintf("may not act for %q", user)}
			}
			return []string{": Invalid user_id", fmt.Sprintf("This PAT has no access to the account %q. Check user_id", user)}
		}
		for name, c := range map[string]struct {
			user, pat any
			texts     []string
		}{
			"malformed": {w.UserID(), "malformed", []string{": Clarifai refuses the PAT", "the PAT from pat in the provider block (code 11008)"}},
			"unknown":   {nil, emulator.NewSecret(), []string{": Clarifai refuses the PAT", "the PAT from pat in the provider block (code 11009)"}},
			"an app key": {w.UserID(), appKey, []string{": The PAT is an app key",
				`The PAT from pat in the provider block is the key of the app "app-0000", and an app-specific key cannot manage apps or keys`}},
			"an app key, owner asked": {nil, appKey, []string{": The PAT is an app key"}},
			"no account":              {"nobody", w.PAT(), append(noAccess("nobody"), fmt.Sprintf("elongs to %q", w.UserID()))},
			"no business": {w.UserID(), stranger, append(noAccess(w.UserID()), `elongs to "stranger"`,
				"The PAT from pat in the provider block")},
		} {
			w.Settings = map[string]any{"user_id": c.user, "pat": c.pat}
			w.Reset()
			checkSaid(t, said(w.NewEstate(t), tenants(4, "Inputs:Get")), append(c.texts, "ERROR: ", "`terraform destroy -refresh=false`")...)
			if n := w.Count(""); n > 4 {
				t.Errorf("%s: %d requests", name, n)
			}
		}
		apitest.Equal(t, w.LiveApps(), 1, "apps after plans")
	}
}

// TestPreflight_oneCallRefused plans new resources where one call is refused for
// another reason than a scope: a warning that says which.
func TestPreflight_oneCallRefused(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	w.AddOrganization("acme", w.UserID())
	for _, method := range []string{"MyScopesUser", "ListApps"} {
		for user, reason := range map[string]string{"acme": fmt.Sprintf(`The PAT belongs to %q, and the request was for "acme".`, w.UserID()), w.UserID(): "he PAT from pat in the provider block"} {
			w.Settings = map[string]any{"user_id": user}
			w.ClearFaults()
			w.Inject(emulator.Fault{Method: method, Kind: "status", HTTPStatus: http.StatusForbidden, Code: clarifai.CodeInsufficientScopes, Times: 1})
			out := said(w.NewEstate(t), tenants(1, "Inputs:Get"))
			checkSaid(t, out, "WARNING: Clarifai refuses "+method, "/clarifai.api.V2/"+method, reason)
			apitest.SaysNot(t, out, "ERROR", "lacks scopes")
		}
	}
}

// TestAccPreflight_destroy follows the advice of the error.
func TestAccPreflight_destroy(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	tf := newTerraform(t, w)
	mustApply(t, tf, tenants(1, "Inputs:Get"))
	tf.configure(with(tenants(1, "Inputs:Get"), acctest.Resources{"clarifai_app.new": {"id": "new", "user_id": "nobody"}}))
	_, err := tf.run("destroy", "-auto-approve")
	checkFails(t, err, "`terraform destroy -refresh=false`")
	if _, err := tf.run("destroy", "-refresh=false", "-auto-approve"); err != nil || w.LiveApps() > 0 {
		t.Error(err)
	}
}

// TestPreflight_unanswered plans new resources where Clarifai gives no answer that could
// be relied on: one warning.
func TestPreflight_unanswered(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	w.TuneInventory(func(c *inventory.Config) { c.PreflightWait = 500 * time.Millisecond })
	w.Settings = map[string]any{"user_id": nil}
	tf, want := w.NewEstate(t), tenants(3, "Inputs:Get")
	checkPlanned := func(what string) {
		t.Helper()
		changes, out := tf.Changes(want), tf.Said()
		apitest.Equal(t, strings.Count(changes, "create "), 9, "creations,", what, changes)
		if n := strings.Count(out, "WARNING: The PAT and the account were not checked"); n != 1 || strings.Contains(out, "ERROR") {
			t.Errorf("%s: %s", what, out)
		}
	}
	for _, method := range []string{"GetUser", "MyScopesUser", "ListApps"} {
		for _, fault := range []emulator.Fault{{Kind: "html"}, {Kind: "latency", Latency: 2 * time.Second}} {
			fault.Method = method
			w.Reset()
			w.Inject(fault)
			checkPlanned(method + " " + fault.Kind)
			apitest.Equal(t, w.Count(method), 1, "requests:", method, fault.Kind)
		}
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, closed.Close())
	w.Settings = map[string]any{"api_base": "http://" + closed.Addr().String()}
	checkPlanned("nothing listens")
}

// TestPreflight_scopes plans with PATs that lack scopes: a warning, so that a nightly
// plan with a PAT that may only read still reports drift.
func TestPreflight_scopes(t *testing.T) {
	t.Parallel()
	for _, names := range []string{"colon", "underscore"} {
		want := tenants(3, "Inputs:Get")
		w, tf := applied(t, emulator.Switches{ScopeNames: names}, want)
		w.Settings = map[string]any{"pat": w.AddPAT(w.UserID(), "Apps:Get", "Keys:Get", "Workflows:Get", "Models:Get")}
		w.Reset()
		checkSteady(t, w, tf, want)
		if out := said(tf, want); out != "" || w.Count("MyScopesUser") > 0 {
			t.Errorf("a plan without changes: %d requests for scopes\n%s", w.Count("MyScopesUser"), out)
		}
		for _, k := range w.Keys(w.UserID(), "")[:2] {
			must(t, w.DeleteKey(k.ID))
		}
		checkSaid(t, said(tf, want), "WARNING: The PAT lacks scopes",
			"lacks scopes that the provider needs: Apps:Add, Apps:Delete, Keys:Add, Keys:Delete, Workflows:Add.")
		apitest.Equal(t, strings.Count(tf.Changes(want), "create "), 2, "resources to create")
		for _, pat := range []string{w.PAT(), w.AddPAT(w.UserID(), "Apps:Get", "Apps:Add", "Apps:Delete", "Keys:Get", "Keys:Add", "Keys:Delete", "Workflows:Get", "Workflows:Add", "Models:Get")} {
			w.Settings = map[string]any{"pat": pat}
			apitest.SaysNot(t, said(tf, want), "lacks scopes")
		}
	}
}

// TestAccPreflight_takenID: an app ID that is taken is a warning with a command that
// works, and a replaced app is not taken.
func TestAccPreflight_takenID(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	seed(t, w, 3, 0)
	tf := newTerraform(t, w)
	tf.configure(acctest.Resources{"clarifai_app.t": appOf("app-0001"), "clarifai_app.new": appOf("new")})
	command := "terraform import ADDRESS " + w.UserID() + "/app-0001"
	out, err := tf.run("plan")
	checkSaid(t, out, "Warning: App ID is taken", command)
	must(t, err)
	for _, args := range []string{
		strings.TrimPrefix(strings.Replace(command, "ADDRESS", "clarifai_app.t", 1), "terraform "),
		"plan -replace=clarifai_app.t", "plan -replace=clarifai_app.t -refresh=false", "apply -auto-approve -replace=clarifai_app.t",
	} {
		if out, err := tf.run(strings.Fields(args)...); err != nil || strings.Contains(out, "taken") {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
}

// TestPreflight_requests counts what a plan of new resources asks.
func TestPreflight_requests(t *testing.T) {
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
			w, _ := start(t, c.s, 1)
			w.Settings = map[string]any{"user_id": nil}
			seed(t, w, c.apps, 0)
			w.Reset()
			apitest.Equal(t, strings.Count(w.NewEstate(t).Changes(tenants(5, "Inputs:Get")), "create "), 15, "resources to create")
			if n := w.Count(""); n < 3 || n > c.most {
				t.Errorf("%d requests, at most %d wanted", n, c.most)
			}
		})
	}
}

// TestPreflight_owner plans with a user_id that is not the owner in the state: one
// warning, and nothing moves.
func TestPreflight_owner(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	w.AddOrganization("acme", w.UserID())
	w.MakeApps(t, "app")
	explicit := tenants(3, "Inputs:Get")
	for _, config := range explicit {
		config["user_id"] = w.UserID()
	}
	unchanged := acctest.Resources{} // which the fast path answers for
	for i := range 3 {
		unchanged[fmt.Sprint("clarifai_app_key.k", i)] = keyOf("app", "", "Apps:Get", "Inputs:Get")
	}
	for _, c := range []struct {
		state, plan acctest.Resources
		user        any
		warns       bool
	}{
		{tenants(3, "Inputs:Get"), tenants(3, "Inputs:Get"), "acme", true},
		{tenants(3, "Inputs:Get"), explicit, "acme", false},
		{tenants(3, "Inputs:Get"), tenants(3, "Inputs:Get"), nil, false},
		{unchanged, unchanged, "acme", true},
	} {
		tf := w.NewEstate(t)
		w.Settings = nil
		mustApply(t, tf, c.state)
		w.Settings = map[string]any{"user_id": c.user}
		apitest.Equal(t, tf.Changes(c.plan), "", "the plan")
		switch out := said(tf, c.plan); {
		case c.warns:
			checkSaid(t, out, "WARNING: Resources of another account", "belong to \""+w.UserID()+"\"")
		case out != "":
			t.Errorf("a warning about an owner that the configuration names:\n%s", out)
		}
		w.Settings = nil
		must(t, tf.Destroy())
	}
}

// TestFaults_wrongAccount plans an existing state with a PAT or an owner of another
// account: that is an error, and nothing is removed.
func TestFaults_wrongAccount(t *testing.T) {
	t.Parallel()
	for _, s := range []emulator.Switches{{}, {ForeignAccount: "refused"}, {MyScopesUser: "ignored", ForeignApps: "public"}} {
		checkWrongAccount(t, s)
	}
}

func checkWrongAccount(t *testing.T, s emulator.Switches) {
	t.Helper()
	w, _ := start(t, s, 1)
	noAccess := "(?s)This PAT has no access to the account.*Nothing was removed from the state"
	if s.ForeignAccount == "refused" {
		noAccess = "belongs to \".*\" and may not act for \""
	}
	stranger := w.AddUser("stranger")
	tf, want := w.NewEstate(t), tenants(4, "Inputs:Get")
	mustApply(t, tf, want)
	checkSteady(t, w, tf, want)
	owned := func(owner string) acctest.Resources {
		r := tenants(4, "Inputs:Get")
		for _, config := range r {
			config["user_id"] = owner
		}
		return r
	}
	for name, wrong := range map[string]struct {
		user, pat string
		want      acctest.Resources
		message   string
	}{
		"the PAT of another account":         {w.UserID(), stranger, want, noAccess},
		"another account with its PAT":       {"stranger", stranger, want, noAccess},
		"a PAT that was revoked":             {w.UserID(), emulator.NewSecret(), want, "does not accept the PAT from pat in the provider block \\(code 11009\\): it does not exist, has expired, or is not a personal access token. Create one in"},
		"another owner in the configuration": {w.UserID(), w.PAT(), owned("stranger"), "stranger"},
		"an owner that does not exist":       {w.UserID(), w.PAT(), owned("nobody"), "nobody"},
	} {
		w.Settings = map[string]any{"user_id": wrong.user, "pat": wrong.pat}
		checkFails(t, tf.Apply(wrong.want), wrong.message)
		apitest.Equal(t, w.LiveKeys(), 8, "living keys", name)
	}
	w.Settings = nil
	checkSteady(t, w, tf, want)
	checkDestroy(t, w, tf)
}
