package faults_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// refusal matches the ways in which a refusal would show. It does not match a bare
// 429, which one of the many fingerprints may well contain.
var refusal = regexp.MustCompile(`(?i)HTTP (status )?429|\b(11005|11003)\b|too many requests|throttled`)

// manyKeys adds 54 keys to the six of three tenants.
const manyKeys = `
resource "clarifai_app_key" "more" {
  count       = 54
  app_id      = clarifai_app.t["tenant-00"].id
  description = "number ${count.index}"
  scopes      = ["Predict"]
}
`

// TestAccFaults_rateLimit creates, plans and destroys 60 keys where 15 requests a
// second are allowed, at that rate and much too fast. The user sees no refusal.
func TestAccFaults_rateLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		perSecond  int
		retryAfter string
	}{{15, ""}, {1000, ""}, {1000, "seconds"}, {1000, "date"}} {
		t.Run(fmt.Sprint(c.perSecond, " ", c.retryAfter), func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{RequestsPerSecond: 15, RetryAfter: c.retryAfter})
			tf := newTerraform(t, w)
			tf.configure(withSetting(w.Config(tenants(3, manyKeys)), fmt.Sprintf("requests_per_second = %d", c.perSecond)))
			tf.apply("-parallelism=30")
			checkState(t, tf, w)
			out, code := tf.run("plan", "-detailed-exitcode", "-input=false")
			if code != 0 {
				t.Fatal(failure(out))
			}
			if refused := readStats(t, w.URL).Throttled; c.perSecond > 15 && refused == 0 {
				t.Error("nothing was refused")
			}
			if shown := refusal.FindString(out); shown != "" {
				t.Errorf("the user sees a refusal, %q:\n%s", shown, out)
			}
			checkDestroy(t, tf, w)
		})
	}
}
