package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFleet plans over several tenants: few requests find all drift and nothing
// else, whatever the listings are like.
func TestAccFleet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		switches emulator.Switches
		requests int // of a plan at most; 0: not counted
	}{
		"served":     {emulator.Switches{}, 2},
		"refused":    {emulator.Switches{AccountListing: "refused"}, 0},
		"incomplete": {emulator.Switches{AccountListing: "incomplete"}, 0},
		"lagging":    {emulator.Switches{DeleteLag: 2, ListingOrder: "shuffle"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{Switches: c.switches})
			config := w.Config(`
resource "clarifai_app" "t" {
  count       = 5
  id          = "tenant-${count.index}"
  description = "of tenant ${count.index}"
}
resource "clarifai_app_key" "read" {
  count  = 5
  app_id = clarifai_app.t[count.index].id
  scopes = ["Inputs:Get"]
}
resource "clarifai_app_key" "write" {
  count  = 5
  app_id = clarifai_app.t[count.index].id
  scopes = ["Inputs:Get", "Inputs:Add"]
}
`)
			keyOf := func(tenant string, scopes int) string {
				for _, k := range w.Keys(w.UserID(), tenant) {
					if len(k.Scopes) == scopes {
						return k.ID
					}
				}
				t.Fatalf("%s has no key with %d scopes", tenant, scopes)
				return ""
			}
			actions := map[string]plancheck.ResourceActionType{
				`clarifai_app.t[1]`:         plancheck.ResourceActionUpdate,
				`clarifai_app_key.read[2]`:  plancheck.ResourceActionCreate,
				`clarifai_app_key.write[3]`: plancheck.ResourceActionReplace,
			}
			for n := range 5 {
				for _, kind := range []string{"clarifai_app.t", "clarifai_app_key.read", "clarifai_app_key.write"} {
					if a := fmt.Sprintf("%s[%d]", kind, n); actions[a] == "" {
						actions[a] = plancheck.ResourceActionNoop
					}
				}
			}
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{
				{Config: config},
				{
					PreConfig: func() {
						must(t, w.EditApp(w.UserID(), "tenant-1", func(a *emulator.App) { a.Description = "by hand" }))
						must(t, w.DeleteKey(keyOf("tenant-2", 1)))
						must(t, w.EditKey(keyOf("tenant-3", 2), func(k *emulator.Key) { k.Scopes = []string{"All"} }))
					},
					Config:           config,
					ConfigPlanChecks: acctest.Plans(actions),
				},
				{PreConfig: w.Reset, Config: config, PlanOnly: true}, // which plans twice
				{
					PreConfig: func() {
						if n := w.Count(""); c.requests > 0 && n > 2*c.requests {
							t.Errorf("two plans over 5 apps and 10 keys took %d requests", n)
						}
					},
					Config: config, PlanOnly: true,
				},
			}})
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
