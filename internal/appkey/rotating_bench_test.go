package appkey_test

import (
	"maps"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// BenchmarkNightlyPlan is what a nightly plan asks of the provider for a key that
// nobody has changed and that is not due: rotating keys may cost 1.3 times as much as
// plain ones.
func BenchmarkNightlyPlan(b *testing.B) {
	for _, resourceType := range []string{"clarifai_app_key", rotatingType} {
		b.Run(resourceType, func(b *testing.B) {
			w := acctest.Start(b, emulator.Options{})
			if err := w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}); err != nil {
				b.Fatal(err)
			}
			config := map[string]any{"app_id": "tenant", "description": "d", "scopes": []string{"Apps:Get", "Models:Get", "Predict"}}
			if resourceType == rotatingType {
				maps.Copy(config, map[string]any{"rotation_period": "90d", "overlap": "7d", "rotation_spread": "30d"})
			}
			creating := w.Process(b)
			stored, said := creating.Apply(creating.PlanOnly(&acctest.Stored{Type: resourceType}, config), nil)
			if said.Failed() {
				b.Fatal(said)
			}
			nightly := w.Process(b).Nightly(stored, config)
			b.ReportAllocs()
			for b.Loop() {
				if !nightly() {
					b.Fatal("something differs")
				}
			}
		})
	}
}
