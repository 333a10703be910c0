package revoke_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccRevokeAppKeys_interrupted presses Ctrl-C while a key is being revoked: the key
// that was said last is revoked, and no other. Terraform gets no message after that.
func TestAccRevokeAppKeys_interrupted(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, emulator.Switches{})
	ws := clitest.InProcess(t, l.World)
	ws.Release.SkipBelow(t, "1.14.0", "99.0.0")
	ws.Write("main.tf", `
action "clarifai_revoke_app_keys" "all" {
  config {
    app_id         = "tenant"
    except_key_ids = []
    allow_none     = true
  }
}
`)
	l.Inject(emulator.Fault{Method: "DeleteKey", Skip: 1, Kind: "latency", Latency: 3 * time.Second})
	p := ws.Start("apply", "-auto-approve", "-no-color", "-refresh=false", "-invoke=action.clarifai_revoke_app_keys.all")
	p.AwaitOutput("Revoking key " + l.id["b"])
	must(t, p.InterruptCLI())
	r := p.Wait()
	said := clitest.Unwrapped(r.Output)
	apitest.Equal(t, l.left(), "cz", "left")
	says(t, said, "Interrupt received", "Revoked key "+l.id["a"]+` ("a"), 1 of 3.`, "Revoking key "+l.id["b"]+` ("b"), 2 of 3.`)
	if strings.Contains(said, "Revoking key "+l.id["c"]) {
		t.Error("it goes on")
	}
}
