// Package leaks searches everything that the CLI writes for secrets.
package leaks

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// faults returns what the API answers, or does not, when it fails. Like the real
// one, it repeats the request in details and bodies.
func faults(elsewhere string) []emulator.Fault {
	return []emulator.Fault{
		{Kind: "echo_key", HTTPStatus: 400}, {Kind: "cut_after"}, {Kind: "redirect", Details: elsewhere},
		{Kind: "echo_key", HTTPStatus: 500}, {Kind: "echo_key", Code: 11009}, {Kind: "echo_key", Code: 11101}, {Kind: "cut_before"}, {Kind: "truncate"}, {Kind: "html"}, {Kind: "invalid_json"},
		{Kind: "status", HTTPStatus: 503, Details: "secret elsewhere"},
	}
}

// runLifecycle runs a whole lifecycle: changes, failures, drift and the destroy.
func runLifecycle(t *testing.T, l *lifecycle, stored bool) {
	t.Helper()
	var redirected atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { redirected.Add(1) }))
	t.Cleanup(elsewhere.Close)

	ephemeral := l.ws.Release.Has("1.10.0", "1.11.0")
	c := tenant{App: "tenant", Description: "one", Round: "1", More: 1, Stored: stored, ephemeral: ephemeral}
	l.change("create", c)
	c.Description, c.Round = "two", "2"
	l.change("update", c)
	c.App, c.ephemeral = "renamed", false // an app of that ID does not exist yet when the plan opens a temporary key for it
	l.change("rename", c)

	c.ephemeral = ephemeral && !stored                                  // one of the two tests is enough: each key starts a provider
	for i, fault := range faults(elsewhere.URL + "/v2/elsewhere")[:3] { // the rest at protocol level
		c.Description, c.Round, c.More = fmt.Sprint("fault ", i), fmt.Sprint("fault ", i), 1+(i+1)%2
		fault.Times = 2
		for _, method := range []string{"PatchKeys", "PostKeys", "DeleteKey"} {
			fault.Method = method
			l.w.Inject(fault)
		}
		l.disrupt("apply", c)
	}
	fault := emulator.Fault{Kind: "redirect", Details: elsewhere.URL + "/v2/elsewhere", Method: "ListAppKeys", Times: 2}
	l.disrupt("plan", c, fault)
	l.must("apply", "-auto-approve", "-json")

	for _, k := range l.w.Keys(l.w.UserID(), "") { // drift
		if strings.HasPrefix(k.Description, "more") {
			apitest.Must(t, l.w.DeleteKey(k.ID))
			continue
		}
		apitest.Must(t, l.w.EditKey(k.ID, func(k *emulator.Key) { k.Description = "changed by hand" }))
	}
	for _, description := range []string{"by hand", "Temporary key of a Terraform run, made " + time.Now().UTC().Format(time.RFC3339)} {
		apitest.Must(t, l.w.PutKey(emulator.Key{ID: emulator.NewSecret(), UserID: l.w.UserID(), AppID: c.App, Description: description}))
	}
	l.must("plan", "-no-color")
	l.change("drift", c)
	l.end()
	if n := redirected.Load(); n > 0 {
		t.Errorf("%d requests followed a redirect", n)
	}
}

// TestAccLeaks_stored allows keys where the configuration stores them.
func TestAccLeaks_stored(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLifecycle(t, w, clitest.New(t, w))
	runLifecycle(t, l, true)
	l.report(l.search(true, 8))
}

// TestAccLeaks_notStored allows secrets nowhere. The API answers for a missing key
// as for a revoked PAT, with the key in the details.
func TestAccLeaks_notStored(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: 11009}})
	l := newLifecycle(t, w, clitest.New(t, w))
	runLifecycle(t, l, false)
	l.report(l.search(false, 12))
}

// TestAccLeaks_loggedURLs searches after a provider that logs its URLs: if the
// search finds no key there, the other tests show nothing.
func TestAccLeaks_loggedURLs(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLifecycle(t, w, clitest.New(t, w))
	l.ws.Env = append(l.ws.Env, "MISTAKE=log")
	c := tenant{App: "tenant", Description: "one", Round: "1"}
	l.write(c)
	l.must("apply", "-auto-approve")
	if found := l.search(false, 1); len(found) > 0 { // only a DELETE has a key in its URL
		l.report(found)
	}
	l.must("destroy", "-auto-approve")
	for _, found := range l.search(false, 1) {
		if found.file == "trace.log" && found.form == "plain" {
			return
		}
	}
	t.Error("the log has the URLs of DELETE requests, but the search finds no key in it")
}

// TestAccLeaks_panic makes the provider panic with keys and the PAT, on calls by
// Terraform and on goroutines of its own. Nothing of that may show.
func TestAccLeaks_panic(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLifecycle(t, w, clitest.New(t, w))
	c := tenant{App: "tenant", Description: "one", Round: "1", More: 4}
	l.write(c)
	l.must("apply", "-auto-approve")
	environment := l.ws.Env
	for verb, command := range map[string][]string{
		"GET":    {"plan"},
		"PATCH":  {"apply", "-auto-approve"},
		"POST":   {"apply", "-auto-approve"},
		"DELETE": {"destroy", "-auto-approve"},
	} {
		changed := tenant{App: "tenant", Description: "of " + verb, Round: "1", More: 4}
		if verb == "POST" {
			changed.More = 5
		}
		l.write(changed)
		l.ws.Env = slices.Concat(environment, []string{"MISTAKE=" + verb})
		r := l.run(append(command, "-no-color")...)
		if r.Err == nil || !strings.Contains(strings.Join(strings.Fields(r.Output), " "), "panicked") {
			t.Errorf("%s: the output reports no panic", verb)
		}
	}
	l.report(l.search(false, 5))
}

// TestAccLeaks_turnedOff searches after store_key is turned off: the key is no
// longer in the state, but it is in the backup, as the docs say.
func TestAccLeaks_turnedOff(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLifecycle(t, w, clitest.New(t, w))
	c := tenant{App: "tenant", Description: "one", Round: "1"}
	for _, c.Stored = range []bool{true, false} {
		l.write(c)
		l.must("apply", "-auto-approve", "-json")
	}
	keys := l.secrets(false).keys
	l.report(search("terraform.tfstate", l.ws.Read("terraform.tfstate"), keys))
	if len(search("terraform.tfstate.backup", l.ws.Read("terraform.tfstate.backup"), keys)) == 0 {
		t.Error("the backup no longer holds the old value: say so in the docs")
	}
	l.report(l.search(true, 1))
}
