//go:build unix

package clitest_test

import (
	"context"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// temporary passes a temporary key to a second provider block, which reads the app
// with it.
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

// another creates an app while the temporary key is open.
const another = `
resource "clarifai_app" "another" {
  id         = "another"
  depends_on = [data.clarifai_app.own]
}
`

// start returns an emulator with an app, and a workspace.
func start(t *testing.T, o emulator.Options) (*acctest.World, *clitest.Workspace) {
	t.Helper()
	w := acctest.Start(t, o)
	apitest.Must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
	return w, clitest.New(t, w)
}

// checkRevoked fails the test if a temporary key is left, or if fewer were created
// than the test needs to show anything.
func checkRevoked(t *testing.T, w *acctest.World, what string, atLeast int) {
	t.Helper()
	if created := w.Count("PostKeys"); created < atLeast {
		t.Errorf("%s: %d temporary keys were created, at least %d are expected", what, created, atLeast)
	}
	apitest.Equal(t, w.LiveKeys(), 0, "temporary keys", what)
	w.Reset()
}

func TestAccTemporaryKey_nothingLeft(t *testing.T) {
	t.Parallel()
	w, ws := start(t, emulator.Options{})
	ws.Release.SkipBelow(t, "1.10.0", "1.11.0")
	ws.Write("main.tf", temporary+another)
	ws.Must("plan", "-no-color", "-out=plan")
	checkRevoked(t, w, "plan", 1)
	ws.Must("apply", "plan")
	checkRevoked(t, w, "apply of a plan", 1)
	ws.Must("apply", "-auto-approve")
	checkRevoked(t, w, "apply", 1)

	ws.Write("main.tf", temporary) // deletes the other app
	w.Inject(emulator.Fault{Method: "DeleteApp", Kind: "status", HTTPStatus: 400})
	apitest.Fails(t, ws.Run("apply", "-auto-approve").Err)
	checkRevoked(t, w, "failed apply", 1)

	w.Inject(emulator.Fault{Method: "GetApp", Kind: "status", HTTPStatus: 400, Times: 5})
	apitest.Fails(t, ws.Run("plan").Err)
	checkRevoked(t, w, "failed plan", 1)

	w, ws = start(t, emulator.Options{})
	ws.Write("main.tf", temporary+another)
	ws.Must("apply", "-auto-approve")
	ws.Must("destroy", "-auto-approve")
	checkRevoked(t, w, "apply and destroy", 2)
}

// TestAccTemporaryKey_interrupt presses Ctrl-C while a key is being created, and
// while it is in use.
func TestAccTemporaryKey_interrupt(t *testing.T) {
	t.Parallel()
	for name, method := range map[string]string{"while it is created": "PostKeys", "while it is used": "GetApp", "while another app is created": "PostApps"} {
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
			apitest.Must(t, p.Interrupt())
			// Terraform confirms the interrupt before the request is answered.
			p.AwaitOutput("Interrupt received")
			close(release)
			apitest.Says(t, p.Wait().Stdout, "Interrupt received")
			checkRevoked(t, w, name, 1)
		})
	}
}
