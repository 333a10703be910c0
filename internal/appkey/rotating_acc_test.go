package appkey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const rotating = rotatingType + ".k"

// rotatingIn is an app and a rotating key in it.
func rotatingIn(app, more string) string {
	return fmt.Sprintf(`
resource "clarifai_app" "t" {
  id = %q
}

resource "clarifai_rotating_app_key" "k" {
  app_id          = clarifai_app.t.id
  description     = "d"
  scopes          = ["Predict"]
  rotation_period = "90d"
  overlap         = "7d"
  %s
}
`, app, more)
}

// TestAccRotatingAppKey_commands runs what only the command line has, against the
// provider's own program: keepers rotate, -target and -replace work, and moved blocks
// turn the resource into a plain key and back.
func TestAccRotatingAppKey_commands(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	rotate := func(value string, args ...string) {
		t.Helper()
		ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "`+value+`" }`))
		ws.Must(append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
	}
	live := func(when string, want int) {
		t.Helper()
		apitest.Equal(t, w.LiveKeys(), want, "living keys after", when)
		if r := ws.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
			t.Errorf("after %s, the next plan is not empty:\n%s", when, r.Output)
		}
	}
	rotate("1")
	live("the first apply", 1)
	rotate("2", "-target="+rotating)
	live("a rotation", 2)
	rotate("2", "-replace="+rotating)
	live("a replacement", 1)
	rotate("3", "-refresh=false")
	live("a rotation without a refresh", 2)
	rotate("3", "-replace=clarifai_app.t")
	live("a replacement of the app", 1)
	if !ws.Release.Has("1.8.0", "1.10.0") {
		return
	}
	plain := tenant + of("clarifai_app.t.id", "description = \"d\"\nscopes = [\"Predict\"]\nkeepers = { rotate = \"3\" }") +
		"moved {\n  from = clarifai_rotating_app_key.k\n  to   = clarifai_app_key.k\n}\n"
	key := w.Keys(w.UserID(), "tenant")[0].ID
	ws.Write("main.tf", plain)
	ws.Must("apply", "-auto-approve", "-no-color")
	live("the move to a plain key", 1)
	back := "moved {\n  from = clarifai_app_key.k\n  to   = clarifai_rotating_app_key.k\n}\n"
	ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "3" }`)+back)
	ws.Must("apply", "-auto-approve", "-no-color")
	live("the move back", 1)
	apitest.Equal(t, fingerprint(w.Keys(w.UserID(), "tenant")[0].ID), fingerprint(key), "the key after both moves")
	ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "4" }`))
	ws.Must("apply", "-auto-approve", "-no-color")
	ws.Write("main.tf", strings.ReplaceAll(plain, `"3"`, `"4"`))
	if r := ws.Run("plan", "-no-color"); r.Err == nil || !strings.Contains(clitest.Unwrapped(r.Output), "Cannot move rotating app key") {
		t.Errorf("a key with a previous one is moved:\n%s", r.Output)
	}
	ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "4" }`))
	ws.Must("destroy", "-auto-approve")
	must(t, w.NothingLeft(nil))
}
