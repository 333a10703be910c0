package leaks

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// quick keeps failures short.
const quick = `
provider "clarifai" {
  max_retries         = 1
  requests_per_second = 1000
}
`

// tenant has every resource and data source. The secrets are in state or not.
type tenant struct {
	app, description, round string
	more                    int
	stored, ephemeral       bool
}

func (c tenant) config() string {
	text := quick + fmt.Sprintf(`
resource "clarifai_app" "t" {
  id          = %q
  description = %q
}

resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = %q
  scopes      = ["Apps:Get", "Models:Get", "Predict", "Workflows:Get"]
  store_key   = %t
  keepers     = { round = %q }
}

resource "clarifai_app_key" "more" {
  count       = %d
  app_id      = clarifai_app.t.id
  description = "more ${count.index} %[3]s"
  scopes      = ["Predict"]
  store_key   = %[4]t
}

data "clarifai_app" "d" {
  id = clarifai_app.t.id
}

data "clarifai_app_keys" "all" {
  app_id = clarifai_app_key.k.app_id
}

output "ids" {
  value = clarifai_app_key.more[*].id
}

output "keys" {
  value = data.clarifai_app_keys.all.keys
}
`, c.app, c.description, c.description, c.stored, c.round, c.more)
	if c.stored {
		text += `
data "clarifai_app_key" "by_id" {
  id = clarifai_app_key.k.id
}

data "clarifai_app_key" "by_description" {
  app_id      = clarifai_app_key.k.app_id
  description = clarifai_app_key.k.description
}

output "secret" {
  value     = clarifai_app_key.k.key
  sensitive = true
}
`
	}
	if c.ephemeral {
		text += `
ephemeral "clarifai_app_key" "k" {
  id = clarifai_app_key.k.id
}

ephemeral "clarifai_temporary_app_key" "t" {
  app_id  = clarifai_app.t.id
  user_id = clarifai_app.t.user_id
  scopes  = ["Apps:Get", "Models:Get", "Workflows:Get"]
}

provider "clarifai" {
  alias       = "tenant"
  max_retries = 1
  pat         = ephemeral.clarifai_temporary_app_key.t.key
}

provider "clarifai" {
  alias       = "key"
  max_retries = 1
  pat         = ephemeral.clarifai_app_key.k.key
}

data "clarifai_app" "as_tenant" {
  provider   = clarifai.tenant
  id         = clarifai_app.t.id
  depends_on = [clarifai_app.t]
}

data "clarifai_app" "as_key" {
  provider   = clarifai.key
  id         = clarifai_app.t.id
  depends_on = [clarifai_app_key.k]
}
`
	}
	return text
}

// misfortunes are what the API answers, or does not, when it fails. Details and
// bodies that repeat the request are what the real one is known for.
func misfortunes(elsewhere string) []emulator.Fault {
	return []emulator.Fault{
		{Kind: "echo_key", HTTPStatus: 500}, {Kind: "echo_key", HTTPStatus: 400}, {Kind: "echo_key", Code: 11009}, {Kind: "echo_key", Code: 11101},
		{Kind: "cut_before"}, {Kind: "cut_after"}, {Kind: "truncate"}, {Kind: "html"}, {Kind: "invalid_json"},
		{Kind: "redirect", Details: elsewhere}, {Kind: "status", HTTPStatus: 503, Details: "secret elsewhere"},
	}
}

// live runs a whole life and gives it back for the search.
func live(t *testing.T, l *life, stored bool) {
	t.Helper()
	var strayed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(elsewhere.Close)

	c := tenant{app: "tenant", description: "one", round: "1", more: 1, stored: stored, ephemeral: l.ws.Release.Has("1.10.0", "1.11.0")}
	l.change("create", c.config())
	c.description = "two"
	l.change("update", c.config())
	c.round = "2"
	l.change("rotate", c.config())
	c.app, c.ephemeral = "renamed", false // which does not exist yet when a temporary key is planned for it
	l.change("rename", c.config())
	c.ephemeral = l.ws.Release.Has("1.10.0", "1.11.0")

	c.ephemeral = c.ephemeral && !stored // once is enough: each opens a provider of its own
	for i, fault := range misfortunes(elsewhere.URL + "/v2/stray") {
		c.description, c.round, c.more = fmt.Sprint("misfortune ", i), fmt.Sprint("misfortune ", i), 1+(i+1)%2
		var faults []emulator.Fault
		for _, method := range []string{"PatchKeys", "PostKeys", "DeleteKey"} {
			fault.Method, fault.Times = method, 2
			faults = append(faults, fault)
		}
		l.misfortune("apply", c.config(), faults...)
		fault.Method, fault.Times = "ListAppKeys", 2
		l.misfortune("plan", c.config(), fault)
	}
	l.must("apply", "-auto-approve", "-json")

	for _, k := range l.w.Keys(l.w.UserID(), "") { // drift, by hand and by accident
		if strings.HasPrefix(k.Description, "more") {
			if err := l.w.DeleteKey(k.ID); err != nil {
				t.Error(err)
			}
			continue
		}
		if err := l.w.EditKey(k.ID, func(k *emulator.Key) { k.Description = "changed by hand" }); err != nil {
			t.Error(err)
		}
	}
	l.must("plan", "-no-color")
	l.change("drift", c.config())
	l.end()
	if n := strayed.Load(); n > 0 {
		t.Errorf("%d requests followed a redirect", n)
	}
}

func TestAccLeaks_stored(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLife(t, w, cli.New(t, w))
	live(t, l, true)
	l.report(l.search(true, 12))
}

// TestAccLeaks_notStored allows a secret nowhere at all. Not found is answered
// like a dead PAT, with the key in the details.
func TestAccLeaks_notStored(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: 11009}})
	l := newLife(t, w, cli.New(t, w))
	live(t, l, false)
	l.report(l.search(false, 20))
}

// TestAccLeaks_imported imports keys that Terraform did not make, in each way.
func TestAccLeaks_imported(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]bool{"stored": true, "not stored": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			user := w.UserID()
			if err := w.PutApp(emulator.App{ID: "tenant", UserID: user}); err != nil {
				t.Fatal(err)
			}
			for _, d := range []string{"one", "two", "three"} {
				if err := w.PutKey(emulator.Key{UserID: user, AppID: "tenant", Description: d, Scopes: []string{"Predict"}}); err != nil {
					t.Fatal(err)
				}
			}
			suffix, keys := "", w.Keys(user, "tenant")
			if !stored {
				suffix = ",store_key=false"
			}
			l := newLife(t, w, cli.New(t, w))
			resource := func(name string) string {
				return fmt.Sprintf("\nresource \"clarifai_app_key\" %q {\n  app_id = \"tenant\"\n  description = %q\n  scopes = [\"Predict\"]\n  store_key = %t\n}\n", name, name, stored)
			}
			imported := func(to, id string) string {
				return fmt.Sprintf("\nimport {\n  to = clarifai_app_key.%s\n  id = %q\n}\n", to, id)
			}

			config := quick + resource("one")
			l.ws.Write("main.tf", config)
			l.must("import", "-no-color", "clarifai_app_key.one", user+"/tenant/"+fingerprint(keys[0].ID)+suffix)
			config += resource("two")
			if l.ws.Release.Has("1.5.0", "1.6.0") {
				echo := emulator.Fault{Method: "ListAppKeys", Kind: "echo_key", HTTPStatus: 400}
				l.misfortune("plan", config+imported("two", user+"/tenant/description=two"+suffix), echo)
				l.change("import", config+imported("two", user+"/tenant/description=two"+suffix))
				l.ws.Write("main.tf", config+imported("three", user+"/tenant/"+fingerprint(keys[2].ID)+suffix))
				l.must("plan", "-json", "-generate-config-out=generated.tf", "-out=generated.plan")
				l.must("show", "-json", "generated.plan")
				l.must("apply", "-json", "generated.plan")
				generated, err := os.ReadFile(filepath.Join(l.ws.Dir, "generated.tf"))
				if err != nil || !strings.Contains(string(generated), "clarifai_app_key") {
					t.Errorf("nothing was generated (%v)", err)
				}
				l.ws.Write("main.tf", config)
			}
			l.must("show", "-json")
			l.end()
			l.report(l.search(stored, 3))
		})
	}
}

// TestAccLeaks_mistake gives the search a provider that logs its URLs: if it
// finds nothing there, the tests above show nothing.
func TestAccLeaks_mistake(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLife(t, w, cli.With(t, w, "github.com/clarifai/terraform-provider-clarifai/internal/acctest/leaks/leaky"))
	c := tenant{app: "tenant", description: "one", round: "1"}
	l.change("create", c.config())
	if found := l.search(false, 1); len(found) > 0 { // no read has a key in its URL
		l.report(found)
	}
	l.end()
	for _, found := range l.search(false, 1) {
		if found.file == "trace.log" && found.form == "clear" {
			return
		}
	}
	t.Error("the log has the URLs of deletions, and the search finds no key in it")
}

// TestAccLeaks_panic lets the provider panic with keys and the PAT in its hands,
// on calls of Terraform's and on goroutines of its own. Nothing of that is shown.
func TestAccLeaks_panic(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLife(t, w, cli.With(t, w, "github.com/clarifai/terraform-provider-clarifai/internal/acctest/leaks/clumsy"))
	c := tenant{app: "tenant", description: "one", round: "1", more: 4}
	l.change("create", c.config())
	environment := l.ws.Env
	for verb, command := range map[string][]string{
		"GET":    {"plan"},
		"PATCH":  {"apply", "-auto-approve"},
		"POST":   {"apply", "-auto-approve"},
		"DELETE": {"destroy", "-auto-approve"},
	} {
		changed := tenant{app: "tenant", description: "of " + verb, round: "1", more: 4}
		if verb == "POST" {
			changed.more = 5
		}
		l.ws.Write("main.tf", changed.config())
		l.ws.Env = slices.Concat(environment, []string{"CLUMSY=" + verb})
		r := l.run(append(command, "-no-color")...)
		if r.Err == nil || !strings.Contains(strings.Join(strings.Fields(r.Stdout+r.Stderr), " "), "panicked") {
			t.Errorf("%s: no panic is told of", verb)
		}
	}
	l.ws.Env = environment
	l.end()
	l.report(l.search(false, 5))
}

// TestAccLeaks_turnedOff looks at what is left after store_key is turned off:
// nothing in the state, but the value in its backup, as the docs say.
func TestAccLeaks_turnedOff(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	l := newLife(t, w, cli.New(t, w))
	c := tenant{app: "tenant", description: "one", round: "1", stored: true}
	l.change("stored", c.config())
	c.stored = false
	l.change("not-stored", c.config())
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(l.ws.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	keys := l.secrets(false).keys
	l.report(search("terraform.tfstate", read("terraform.tfstate"), keys))
	if len(search("terraform.tfstate.backup", read("terraform.tfstate.backup"), keys)) == 0 {
		t.Error("the backup does not hold the old value any more: say so in the docs")
	}
	l.end()
	l.report(l.search(true, 1))
}
