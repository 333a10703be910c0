package appkey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_expiresAt: a new date takes what depends on the key along, in place. A date
// that changes in every run warns.
func TestAccAppKey_expiresAt(t *testing.T) {
	t.Parallel()
	w, clock := noWaiting(t, emulator.Options{})
	ws := clitest.InProcess(t, w)
	begun := clock.Now()
	write := func(date string) {
		ws.Write("main.tf", tenant+of("clarifai_app.t.id", "scopes = [\"Predict\"]\nexpires_at = "+date)+
			"resource \"terraform_data\" \"consumer\" {\n  input = clarifai_app_key.k.fingerprint\n}\n")
	}
	literal := func(in time.Duration) string { return `"` + begun.Add(in).Format(time.RFC3339) + `"` }
	run := func(says string, code int, args ...string) {
		t.Helper()
		r := ws.Run(append([]string{args[0], "-no-color", "-input=false"}, args[1:]...)...)
		if said := clitest.Unwrapped(r.Output); r.ExitCode != code || !strings.Contains(said, says) {
			t.Errorf("%v ends with %d and does not say %q:\n%s", args, r.ExitCode, says, r.Output)
		}
	}
	const unknown = "Warning: The date of an app key is known only after apply"
	write(literal(10 * day))
	run("3 added", 0, "apply", "-auto-approve")
	write(literal(20 * day))
	run("Plan: 0 to add, 2 to change, 0 to destroy.", 0, "plan", "-out=later")
	run("0 added, 2 changed, 0 destroyed", 0, "apply", "later")
	run("No changes.", 0, "plan", "-detailed-exitcode")
	for _, in := range []string{"87600h", "87700h"} { // timestamp() counts in seconds
		write("timeadd(timestamp(), \"" + in + "\")")
		run(unknown, 2, "plan", "-detailed-exitcode", "-out=always")
		run("0 added, 2 changed, 0 destroyed", 0, "apply", "always")
	}
	if n := w.LiveKeys(); n != 1 {
		t.Errorf("%d keys live", n)
	}
	clock.Advance(20 * day)
	run("3 destroyed", 0, "destroy", "-auto-approve")
	if n := w.LiveKeys(); n > 0 {
		t.Errorf("%d keys are left", n)
	}
}
