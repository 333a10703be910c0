//go:build unix

package appkey_test

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccRotatingAppKey_killed kills Terraform and the provider between the POST and
// the state: the next run adopts the key, or a destroy revokes it.
func TestAccRotatingAppKey_killed(t *testing.T) {
	t.Parallel()
	for _, then := range []string{"apply", "destroy"} {
		t.Run(then, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			ws := clitest.New(t, w)
			ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "1" }`))
			ws.Must("apply", "-auto-approve", "-no-color")
			ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "2" }`))
			w.Inject(emulator.Fault{Method: "PostKeys", Kind: "latency_after", Latency: 30 * time.Second})
			run := ws.Start("apply", "-auto-approve", "-no-color")
			for deadline := time.Now().Add(time.Minute); w.LiveKeys() < 2 && time.Now().Before(deadline); {
				time.Sleep(10 * time.Millisecond)
			}
			run.Kill()
			run.Wait()
			if n := w.LiveKeys(); n != 2 {
				t.Fatalf("%d keys live when the run is killed", n)
			}
			if then == "apply" {
				ws.Must("apply", "-auto-approve", "-no-color", "-lock=false")
				if n := w.Count("PostKeys"); n != 2 || w.LiveKeys() != 2 {
					t.Errorf("%d keys were created, and %d live", n, w.LiveKeys())
				}
				if r := ws.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
					t.Errorf("the next plan is not empty:\n%s", r.Output)
				}
			}
			ws.Must("destroy", "-auto-approve", "-lock=false")
			if err := w.NothingLeft(nil); err != nil {
				t.Error(err)
			}
		})
	}
}
