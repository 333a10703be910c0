package appkey_test

import (
	"fmt"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestRotatingAppKey_cost: a plan of a rotating key that is not due allocates little more than
// one of a plain key, for what it has beyond that. The benchmark measures the time.
func TestRotatingAppKey_cost(t *testing.T) {
	plain := nightlyAllocs(t, map[string]any{}, "clarifai_app_key")
	rotates := nightlyAllocs(t, map[string]any{"rotation_period": "90d", "overlap": "7d"}, rotatingType)
	if rotates > plain+50 {
		t.Errorf("%.0f allocations for a rotating key, %.0f for a plain one: %.0f more", rotates, plain, rotates-plain)
	}
}

// nightlyAllocs returns how many allocations a plan takes of an unchanged key.
func nightlyAllocs(t *testing.T, config map[string]any, resourceType string) float64 {
	t.Helper()
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "tenant")
	config["app_id"], config["scopes"] = "tenant", []string{"Apps:Get", "Inputs:Get", "Models:Get"}
	p := w.Process(t)
	var calls []func() bool
	for i := range 20 {
		config["description"] = fmt.Sprint("key ", i)
		stored, said := p.Apply(p.PlanOnly(&acctest.Stored{Type: resourceType}, config), nil)
		must(t, said.Err())
		calls = append(calls, w.Process(t).Nightly(stored, config))
	}
	each := func() {
		for _, call := range calls {
			if !call() {
				t.Fatal("the plan is not empty")
			}
		}
	}
	return testing.AllocsPerRun(5, each) / float64(len(calls)) // after one run, which reads
}
