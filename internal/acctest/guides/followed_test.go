package guides

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// start returns an empty workspace and an emulator with the account that the
// guides use.
func start(t *testing.T) (*acctest.World, *clitest.Workspace) {
	t.Helper()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	return w, clitest.New(t, w)
}

const tenant = `
resource "clarifai_app" "acme" {
  id = "acme-production"
}

resource "clarifai_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Inputs:Get"]
}
`

// An app is renamed with its key, replaced and destroyed.
func TestAccGuide_apps(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	g := open(t, "apps.md")
	g.write(ws, "")
	ws.Must("apply", "-auto-approve")
	key := w.Keys(w.UserID(), "acme")[0].ID

	g.write(ws, "Rename an app")
	if output := g.run(ws, "Rename an app"); !strings.Contains(output, "0 added, 2 changed, 0 destroyed") {
		t.Errorf("the app and its key are not updated in place:\n%s", output)
	}
	if keys := w.Keys(w.UserID(), "acme-production"); len(keys) != 1 || keys[0].ID != key {
		t.Error("the key did not stay")
	}
	g.run(ws, "Replace an app")
	if keys := w.Keys(w.UserID(), "acme-production"); len(keys) != 1 || keys[0].ID == key {
		t.Error("the key was not recreated with its app")
	}
	g.run(ws, "Destroy")
	if err := w.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}

// A nightly plan reports what was changed outside, and an apply repairs it.
func TestAccGuide_drift(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	ws.Write("main.tf", tenant)
	ws.Must("apply", "-auto-approve")
	g := open(t, "drift.md")
	command := g.take("Exit codes", "shell")
	plan := func() int {
		g.t.Helper()
		output, code := g.bash(ws, command)
		if output != "" {
			t.Error(output)
		}
		return code
	}
	if code := plan(); code != 0 {
		t.Fatalf("exit code %d without a difference", code)
	}
	if err := w.DeleteKey(w.Keys(w.UserID(), "")[0].ID); err != nil {
		t.Fatal(err)
	}
	if code := plan(); code != 2 {
		t.Fatalf("exit code %d with a difference", code)
	}
	output := g.run(ws, "What changed")
	for _, text := range []string{`"type":"resource_drift"`, `"type":"planned_change"`, `"action":"delete"`, "clarifai_app_key.predict"} {
		if !strings.Contains(output, text) {
			t.Errorf("no %s in %s", text, output)
		}
	}
	g.pass("GitHub Actions", "yaml")
	g.pass("GitLab", "yaml")
	ws.Must("apply", "-auto-approve")
	if code := plan(); code != 0 {
		t.Errorf("exit code %d after the repair", code)
	}
}

// Each check names the keys that it is about.
func TestAccGuide_inventory(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	ws.Release.SkipBelow(t, "1.5.0", "1.6.0")
	ws.Write("main.tf", tenant)
	ws.Must("apply", "-auto-approve")
	secret := fmt.Sprintf("%032x", 7)
	if err := w.PutKey(emulator.Key{ID: secret, UserID: w.UserID(), AppID: "acme-production", Description: "by hand", Scopes: []string{"All"},
		CreatedAt: time.Now().AddDate(0, 0, -91)}); err != nil {
		t.Fatal(err)
	}
	g := open(t, "inventory.md")
	for _, heading := range []string{"", "Old keys", "Keys with all scopes", "Keys that nothing manages"} {
		g.write(ws, heading)
	}
	output := strings.Join(strings.Fields(g.run(ws, "Read the warnings")), " ")
	label := w.UserID() + "/acme-production/" + cli.Fingerprint(secret) + " (by hand)"
	for _, text := range []string{"Keys older than 90 days", "Keys with the scope All", "Keys that no configuration manages"} {
		if _, after, _ := strings.Cut(output, text); !strings.HasPrefix(strings.TrimLeft(after, ": │"), label) {
			t.Errorf("%s is not followed by %s:\n%s", text, label, output)
		}
	}
	if strings.Contains(output, secret) {
		t.Error("a key is printed")
	}
}

// A key that a script created is imported by its value, which is not shown, and
// stays as it is.
func TestAccGuide_moving(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	ws.Release.SkipBelow(t, "1.8.0", "1.7.0")
	secret := fmt.Sprintf("%032x", 7)
	key := emulator.Key{ID: secret, UserID: w.UserID(), AppID: "acme-production", Description: "prediction service", Scopes: []string{"Apps:Get", "Concepts:Get", "Models:Get", "Predict"}}
	if err := w.PutApp(emulator.App{ID: key.AppID, UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	if err := w.PutKey(key); err != nil {
		t.Fatal(err)
	}
	g := open(t, "moving.md")
	g.write(ws, "From a script")
	g.write(ws, "From a script")
	id := w.UserID() + "/acme-production/" + cli.Fingerprint(secret)
	if output := g.run(ws, "From a script", input(secret+"\n")); !strings.Contains(output, id) || strings.Contains(output, secret) {
		t.Errorf("the ID is not printed, or the key is:\n%s", output)
	}
	g.replace(exampleFinger, cli.Fingerprint(secret))
	output := g.run(ws, "From a script")
	if !strings.Contains(output, "Import successful") || !strings.Contains(output, "No changes") {
		t.Errorf("the import changes something:\n%s", output)
	}
	g.pass("From a generic REST provider", "shell") // it needs the other provider
}

// Resources of two accounts are created under the owners that the guide names.
func TestAccGuide_accounts(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	const staging = "my-organization-staging"
	pat := w.AddUser(staging)
	g := open(t, "accounts.md")
	g.write(ws, "One PAT, several owners")
	g.write(ws, "One PAT for each account")
	ws.Env = append(ws.Env, "TF_VAR_staging_pat="+pat)
	ws.Must("apply", "-auto-approve")
	if apps := w.Apps(staging); len(apps) != 1 || len(w.Keys(w.UserID(), "shared")) != 1 {
		t.Errorf("%d apps of the other account", len(apps))
	}
	ws.Must("destroy", "-auto-approve")
	g.write(ws, "A context of the Clarifai CLI")
	ws.Must("validate")
}

// A plan writes a log with requests and without secrets.
func TestAccGuide_troubleshooting(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	ws.Write("main.tf", tenant)
	ws.Must("apply", "-auto-approve")
	g := open(t, "troubleshooting.md")
	g.run(ws, "Logs")
	log := string(ws.Read("clarifai.log"))
	if !strings.Contains(log, "ListAppKeys") || strings.Contains(log, w.Keys(w.UserID(), "")[0].ID) || strings.Contains(log, w.PAT()) {
		t.Error("the log has no requests, or it has a secret")
	}
}

// The commands of the upgrade guide change nothing.
func TestAccGuide_upgrading(t *testing.T) {
	t.Parallel()
	_, ws := start(t)
	g := open(t, "upgrading.md")
	g.pass("", "terraform") // the version in a registry
	ws.Write("main.tf", tenant)
	ws.Must("apply", "-auto-approve")
	command := strings.TrimPrefix(g.take("", "shell"), "terraform init -upgrade\n") // needs a registry
	if output, code := g.bash(ws, command); code != 0 || !strings.Contains(output, "No changes") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

// The example of the guide is created, sharded and tested with its own tests.
func TestAccGuide_tenants(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	ws := clitest.WithMirror(t, w, map[string]string{cli.Source: clitest.Module})
	ws.Release.SkipBelow(t, "1.6.0", "1.6.0")
	ws.Copy("../../../examples/tenants")
	g := open(t, "tenants.md")
	g.pass("A map of tenants in", "terraform") // the files are there already
	g.pass("A module per tenant", "terraform")
	g.pass("A module per tenant", "terraform")
	if output := g.run(ws, "Create, hand out, remove"); !strings.Contains(output, `"acme":{"ingest":"my-organization/acme/`) {
		t.Errorf("no IDs of keys by tenant:\n%s", output)
	}
	ws.Must("destroy", "-auto-approve")
	if output := g.run(ws, "More tenants than one state should hold"); strings.Count(output, "Apply complete!") != 2 || w.LiveApps() != 2 {
		t.Errorf("%d apps of two shards:\n%s", w.LiveApps(), output)
	}
	for _, shard := range []string{"a", "b"} {
		ws.Must("workspace", "select", "shard-"+shard)
		ws.Must("destroy", "-auto-approve", "-var=shard="+shard)
	}
	ws.Must("workspace", "select", "default")
	if output := g.run(ws, "Test it"); !strings.Contains(output, "5 passed, 0 failed") {
		t.Error(output)
	}
	if err := w.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}

// A key whose secret is stored nowhere, and the import of one.
func TestAccGuide_secrets(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	ws.Release.SkipBelow(t, "1.11.0", "1.11.0")
	g := open(t, "secrets.md")
	const create = "Create a key and pass it on"
	ws.Write("app.tf", "resource \"clarifai_app\" \"acme\" {\n  id = \"acme-production\"\n}\n")
	ws.Write("main.tf", g.take(create, "terraform")+"\noutput \"version\" {\n  value = local.key_version\n}\n")
	ws.Must("apply", "-auto-approve")
	secret := w.Keys(w.UserID(), "")[0].ID
	for range 3 {
		g.pass(create, "terraform") // they need other providers
	}
	g.replace(exampleFinger, cli.Fingerprint(secret))
	ws.Must("state", "rm", "clarifai_app_key.predict")
	g.run(ws, "Existing keys")
	if r := ws.Run("plan", "-detailed-exitcode"); r.ExitCode != 0 && !strings.Contains(r.Output, "0 to add, 1 to change, 0 to destroy") {
		t.Errorf("the plan after the import:\n%s", r.Output)
	}
	if strings.Contains(string(ws.Read("terraform.tfstate")), secret) {
		t.Error("the state has the secret")
	}
	ws.Write("temporary.tf", g.take("Keys for one run", "terraform"))
	if output := ws.Must("apply", "-auto-approve").Output; !strings.Contains(output, "temporary_keys = []") {
		t.Errorf("no output of the temporary keys:\n%s", output)
	}
	state := g.take("If a secret must be in state", "terraform")
	if ws.Release.OpenTofu {
		ws.Write("encryption.tf", state)
		ws.Must("validate")
	}
}

// TestGuides: a test follows each guide that has commands.
func TestGuides(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	for _, file := range glob(t, "*_test.go") {
		tests.WriteString(read(t, file))
	}
	guides := glob(t, folder+"/*.md")
	if len(guides) < 15 {
		t.Fatalf("only %d guides were found", len(guides))
	}
	elsewhere := []string{"fleets.md"} // its commands are those of examples/tenants, which has tests of its own
	for _, file := range guides {
		if slices.Contains(elsewhere, filepath.Base(file)) {
			continue
		}
		if strings.Contains(read(t, file), "```shell\n") && !strings.Contains(tests.String(), `open(t, "`+filepath.Base(file)+`")`) {
			t.Errorf("no test follows %s", file)
		}
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The first configuration of the README gives a key, with the mirror that it builds.
func TestAccGuide_readme(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.WithMirror(t, w, map[string]string{cli.Source: clitest.Module})
	g := open(t, "../../README.md")
	g.pass("Try it without an account", "shell") // CI runs both commands
	const first = "A first configuration"
	g.pass(first, "shell") // the mirror is there
	g.pass(first, "shell") // so is the emulator
	ws.Write("main.tf", g.take(first, "terraform"))
	g.replace("terraform apply", "terraform apply -auto-approve") // both cannot read one input
	g.replace("terraform destroy", "terraform destroy -auto-approve")
	output := g.run(ws, first)
	if !strings.Contains(output, "2 added") || !strings.Contains(output, "2 destroyed") || strings.Contains(output, "models of other apps") {
		t.Error(output)
	}
	if err := w.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}
