package appkey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestRotatingAppKey_wrongClock says once per run that the clock of the machine is wrong,
// in plans and applies, whether or not a key is due by it.
func TestRotatingAppKey_wrongClock(t *testing.T) {
	t.Parallel()
	for ahead, says := range map[time.Duration]string{
		365 * day: "it is 365 days ahead", -2 * time.Hour: "it is 2h0m behind", 59 * time.Minute: "", -59 * time.Minute: "",
	} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			w, clock := noWaiting(t, emulator.Options{})
			w.MakeApps(t, "tenant")
			e, a := w.NewEstate(t), "clarifai_rotating_app_key.a"
			want := acctest.Resources{a: rotationConfig(), "clarifai_rotating_app_key.b": rotationConfig(map[string]any{"description": "b"})}
			expect := func(what, says string, runs int) {
				t.Helper()
				if says == "" {
					runs = 0
				}
				if n := strings.Count(e.Said(), "The clock of this machine is wrong"); !strings.Contains(e.Said(), says) || n != runs {
					t.Errorf("%s: said %d times: %s", what, n, e.Said())
				}
			}
			must(t, e.Apply(acctest.Resources{a: want[a]}))
			expect("before", "", 0)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = skewedClock{clock, ahead} })
			plans, err := e.Plan(want)
			must(t, err)
			expect("the plan", says, 1)
			must(t, e.ApplyPlans(plans))
			expect("plan and apply", says, 2)
			_, err = e.Plan(want)
			must(t, err)
			expect("the plan of nothing", says, 1)
		})
	}
}
