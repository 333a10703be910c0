package faults_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_wrongAccount plans and applies an existing state with a PAT or an
// owner of another account: that is an error, and nothing is removed.
func TestAccFaults_wrongAccount(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	stranger := w.AddUser("stranger")
	tf := newTerraform(t, w)
	config := tenants(4, "")
	tf.configure(w.Config(config))
	tf.apply()
	checkNoChanges(t, tf, w)
	for name, wrong := range map[string]struct{ config, message string }{
		"the PAT of another account": {w.ConfigAs(w.UserID(), stranger, config), "This PAT has no access to the account"},
		"another account with its PAT": {
			w.ConfigAs("stranger", stranger, config), "This PAT has no access to the account"},
		"a PAT that was revoked": {w.ConfigAs(w.UserID(), emulator.NewSecret(), config), "does not accept the PAT from pat in the provider block \\(code 11009\\)"},
		"another owner in the configuration": {
			w.Config(strings.ReplaceAll(config, "for_each ", "user_id = \"stranger\"\n  for_each ")), "stranger"},
		"an owner that does not exist": {
			w.Config(strings.ReplaceAll(config, "for_each ", "user_id = \"nobody\"\n  for_each ")), "nobody"},
	} {
		tf.configure(wrong.config)
		for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"apply", "-refresh-only", "-auto-approve"}} {
			if slices.Contains(command, "-refresh-only") && strings.Contains(name, "owner") {
				continue // a refresh does not read the configuration
			}
			out, code := tf.run(append(command, "-input=false")...)
			if code != 1 {
				t.Errorf("%s: %v ended with %d:\n%s", name, command, code, out)
				continue
			}
			checkOutput(t, unwrapped(out), wrong.message)
		}
		checkState(t, tf, w)
		if w.LiveKeys() != 8 {
			t.Fatalf("%s: %d keys are left", name, w.LiveKeys())
		}
	}
	tf.configure(w.Config(config))
	checkNoChanges(t, tf, w)
	checkDestroy(t, tf, w)
}
