package appkey_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_expiry lets a key come near its end, and past it.
func TestAccAppKey_expiry(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := func(description string) string {
		return w.Config(tenant + "resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n  description = \"" + description + "\"\n}")
	}
	expires := func(in time.Duration) func() {
		return edit(t, w, func(k *emulator.Key) { k.ExpiresAt = time.Now().Add(in) })
	}
	same, other := statecheck.CompareValue(acctest.Same{}), statecheck.CompareValue(acctest.Changed{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: config("one"),
			ConfigStateChecks: []statecheck.StateCheck{
				same.AddStateValue(address, path("key")), statecheck.ExpectKnownValue(address, path("expires_at"), knownvalue.Null()),
			},
		},
		{ // only a warning
			PreConfig: expires(10 * 24 * time.Hour), Config: config("one"),
			ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionNoop),
		},
		{
			Config: config("two"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				same.AddStateValue(address, path("key")), other.AddStateValue(address, path("key")),
				statecheck.ExpectKnownValue(address, path("expires_at"), knownvalue.NotNull()),
			},
		},
		{
			PreConfig: expires(-time.Hour), Config: config("two"),
			ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace),
			ConfigStateChecks: []statecheck.StateCheck{
				other.AddStateValue(address, path("key")), statecheck.ExpectKnownValue(address, path("expires_at"), knownvalue.Null()),
			},
		},
	}})
}
