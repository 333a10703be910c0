package guides

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// byHand makes an account as people leave it behind.
func byHand(t *testing.T, w *acctest.World) {
	t.Helper()
	for _, app := range []string{"acme-production", "acme-staging", "globex"} {
		if err := w.PutApp(emulator.App{ID: app, UserID: w.UserID(), Description: "made by hand"}); err != nil {
			t.Fatal(err)
		}
	}
	for i, key := range []emulator.Key{
		{AppID: "acme-production", Description: "everything", Scopes: []string{"All"}},
		{AppID: "acme-production", Scopes: []string{"Predict", "Models:Get"}},
		{AppID: "acme-staging", Description: "limited", Scopes: []string{"Inputs:Get"}, Endpoints: []string{"/clarifai.api.V2/ListInputs"}},
	} {
		key.UserID, key.ID = w.UserID(), fmt.Sprintf("%032x", i+1)
		if err := w.PutKey(key); err != nil {
			t.Fatal(err)
		}
	}
}

// The guide brings an account under Terraform without a change, replaces a key
// that may do everything, and keeps unmanaged keys out.
func TestAccGuide_adopting(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	byHand(t, w)
	ws := clitest.New(t, w)
	ws.Release.SkipBelow(t, "1.8.0", "1.7.0")
	g := open(t, "adopting.md")

	g.write(ws, "Take stock")
	if output := g.run(ws, "Take stock"); !strings.Contains(output, "everything") {
		t.Errorf("the key with all scopes is not shown:\n%s", output)
	}
	const query = "Import with `terraform query`"
	g.pass(query, "terraform")
	g.pass(query, "shell")

	before := stats(t, w)
	const forEach = "Import with `for_each`"
	g.run(ws, forEach)
	g.write(ws, forEach)
	if output := g.run(ws, forEach); strings.Count(output, "6 to import, 0 to add, 0 to change, 0 to destroy") != 2 ||
		!strings.Contains(output, "6 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import changes something:\n%s", output)
	}
	if output := g.run(ws, forEach); !strings.Contains(output, "No changes") {
		t.Errorf("the plan after the import is not empty:\n%s", output)
	}
	for method := range stats(t, w).Since(before).ByMethod {
		if !strings.HasPrefix(method, "Get") && !strings.HasPrefix(method, "List") && !strings.HasPrefix(method, "MyScopes") {
			t.Errorf("the import sent %s", method)
		}
	}

	g.write(ws, "Grant the least")
	g.run(ws, "Grant the least")
	retired := w.UserID() + "/acme-production/" + cli.Fingerprint(fmt.Sprintf("%032x", 1))
	ws.Write("adopted.tf", strings.Replace(string(ws.Read("adopted.tf")), "toset([])", fmt.Sprintf("toset([%q])", retired), 1))
	ws.Must("apply", "-auto-approve")
	if keys := w.Keys(w.UserID(), "acme-production"); len(keys) != 2 {
		t.Errorf("%d keys, not 2: the old one is revoked, the new one stays", len(keys))
	}

	unmanaged := emulator.Key{ID: fmt.Sprintf("%032x", 9), UserID: w.UserID(), AppID: "globex", Description: "made at night", Scopes: []string{"All"}}
	if err := w.PutKey(unmanaged); err != nil {
		t.Fatal(err)
	}
	const exclusive = "Leave no key unmanaged"
	g.write(ws, exclusive)
	if output := g.run(ws, exclusive); strings.Count(output, "made at night") < 2 {
		t.Errorf("apply and plan do not name the unmanaged key:\n%s", output)
	}
	if len(w.Keys(w.UserID(), "globex")) != 1 {
		t.Error("the first apply revoked a key")
	}
	ws.Must("apply", "-auto-approve")
	if len(w.Keys(w.UserID(), "globex")) != 0 || len(w.Keys(w.UserID(), "")) != 3 {
		t.Error("the second apply did not revoke just the unmanaged key")
	}
	if r := ws.Run("plan", "-detailed-exitcode"); r.ExitCode != 0 {
		t.Errorf("the last plan is not empty:\n%s", r.Output)
	}
}

// The way with terraform query, on versions that have it.
func TestAccGuide_adoptingQuery(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	byHand(t, w)
	ws := clitest.New(t, w)
	ws.Release.SkipBelow(t, "1.14.0", "")
	g := open(t, "adopting.md")
	g.pass("Take stock", "terraform")
	g.pass("Take stock", "shell")
	const query = "Import with `terraform query`"
	g.write(ws, query)
	ws.Write("provider.tf", `provider "clarifai" {}`)
	if output := g.run(ws, query); !strings.Contains(output, "6 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the generated configuration changes something:\n%s", output)
	}
	if r := ws.Run("plan", "-detailed-exitcode"); r.ExitCode != 0 {
		t.Errorf("the plan after the import is not empty:\n%s", r.Output)
	}
	g.next = len(g.blocks) // the other test goes on from here
}

func stats(t *testing.T, w *acctest.World) cli.Stats {
	t.Helper()
	s, err := cli.ReadStats(t.Context(), w.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
