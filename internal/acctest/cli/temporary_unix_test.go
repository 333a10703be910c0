//go:build unix

package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { cli.Main(m) }

// temporary hands a temporary key to a second configuration of the provider,
// which reads the app with it.
const temporary = `
provider "clarifai" {
  max_retries = 1
}

provider "clarifai" {
  alias       = "tenant"
  max_retries = 1
  pat         = ephemeral.clarifai_temporary_app_key.t.key
}

ephemeral "clarifai_temporary_app_key" "t" {
  app_id = "tenant"
  scopes = ["Apps:Get", "Models:Get", "Workflows:Get"]
}

data "clarifai_app" "own" {
  provider = clarifai.tenant
  id       = "tenant"
}
`

// another is an app that is made while the temporary key is open.
const another = `
resource "clarifai_app" "another" {
  id         = "another"
  depends_on = [data.clarifai_app.own]
}
`

func start(t *testing.T, o emulator.Options) (*acctest.World, *cli.Workspace) {
	t.Helper()
	w := acctest.Start(t, o)
	if err := w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	return w, cli.New(t, w)
}

// checkMade fails if no temporary key was made or one is left.
func checkMade(t *testing.T, w *acctest.World, what string, atLeast int) {
	t.Helper()
	if made := w.Count("PostKeys"); made < atLeast {
		t.Errorf("%s: %d temporary keys were made, at least %d are expected: this shows nothing", what, made, atLeast)
	}
	if n := w.LiveKeys(); n != 0 {
		t.Errorf("%s: %d temporary keys are left", what, n)
	}
	w.Reset()
}

func TestAccTemporaryKey_nothingLeft(t *testing.T) {
	t.Parallel()
	w, ws := start(t, emulator.Options{})
	ws.Release.SkipBelow(t, "1.10.0", "1.11.0")
	ws.Write("main.tf", temporary+another)
	ws.Must("plan", "-no-color", "-out=plan")
	checkMade(t, w, "plan", 1)
	ws.Must("apply", "plan")
	checkMade(t, w, "apply of a plan", 1)
	ws.Must("apply", "-auto-approve")
	checkMade(t, w, "apply", 1)

	ws.Write("main.tf", temporary) // the app goes
	w.Inject(emulator.Fault{Method: "DeleteApp", Kind: "status", HTTPStatus: 400})
	if r := ws.Run("apply", "-auto-approve"); r.Err == nil {
		t.Error("an apply that can not delete the app succeeded")
	}
	checkMade(t, w, "failed apply", 1)

	w.Inject(emulator.Fault{Method: "GetApp", Kind: "status", HTTPStatus: 400, Times: 5})
	if r := ws.Run("plan"); r.Err == nil {
		t.Error("a plan that can not read the app succeeded")
	}
	checkMade(t, w, "failed plan", 1)

	w, ws = start(t, emulator.Options{})
	ws.Write("main.tf", temporary+another)
	ws.Must("apply", "-auto-approve")
	ws.Must("destroy", "-auto-approve")
	checkMade(t, w, "apply and destroy", 2)

	for _, fault := range []emulator.Fault{
		{Method: "PostKeys", Kind: "cut_before"}, {Method: "PostKeys", Kind: "cut_after"}, {Method: "PostKeys", Kind: "truncate"},
		{Method: "DeleteKey", Kind: "cut_before"}, {Method: "DeleteKey", Kind: "cut_after"}, {Method: "DeleteKey", Kind: "html_after"},
	} {
		w.Inject(fault)
		ws.Must("plan")
		checkMade(t, w, fault.Method+" "+fault.Kind, 1)
	}
}

// TestAccTemporaryKey_interrupt presses Ctrl-C while a key is being made, and
// while it is in use.
func TestAccTemporaryKey_interrupt(t *testing.T) {
	t.Parallel()
	for name, method := range map[string]string{"while it is made": "PostKeys", "while it is used": "GetApp", "while another app is made": "PostApps"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reached, release := make(chan struct{}, 9), make(chan struct{})
			w, ws := start(t, emulator.Options{Sleep: func(context.Context, time.Duration) {
				reached <- struct{}{}
				<-release
			}})
			ws.Release.SkipBelow(t, "1.10.0", "1.11.0")
			ws.Write("main.tf", temporary+another)
			ws.Must("plan", "-out=plan")
			w.Reset()

			w.Inject(emulator.Fault{Method: method, Kind: "latency_after", Latency: 1})
			p := ws.Start("apply", "-no-color", "plan")
			<-reached
			p.Interrupt()
			// Terraform says that it heard before the request is answered.
			p.AwaitOutput("Interrupt received")
			close(release)
			if r := p.Wait(); !strings.Contains(r.Stdout, "Interrupt received") {
				t.Errorf("this was no interrupt:\n%s%s", r.Stdout, r.Stderr)
			}
			checkMade(t, w, name, 1)
		})
	}
}
