package app_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccApp_forceDestroy destroys an app that holds something: only when told
// to, and the app's keys outlive the refusal. Both work with the scopes that
// the provider says it needs.
func TestAccApp_forceDestroy(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]bool{"all scopes": false, "least scopes": true} {
		t.Run(name, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{})
			pat := w.PAT()
			if least {
				pat = w.AddPAT(w.UserID(), advice.RequiredScopes()...)
			}
			config := func(force string) string {
				return w.ConfigAs(w.UserID(), pat, strings.Replace(appAndKeys, `id = "tenant"`, "id = \"tenant\"\n"+force, 1))
			}
			refused := regexp.MustCompile(`(?s)holds\s+3\s+inputs,\s+1\s+datasets,\s+2\s+models\s+and\s+4\s+pipelines.*force_destroy\s+=\s+true`)
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{
				{Config: config("")},
				{
					PreConfig: func() {
						must(t, w.SetCounts(w.UserID(), "tenant", emulator.Counts{Inputs: 3, Datasets: 1, Models: 2, Pipelines: 4}))
					},
					Config: config(""), Destroy: true, ExpectError: refused,
				},
				{
					PreConfig: func() {
						if w.LiveApps() != 1 || w.LiveKeys() != 2 {
							t.Errorf("%d apps and %d keys outlived the refusal", w.LiveApps(), w.LiveKeys())
						}
					},
					Config: config("force_destroy = true"),
				},
			}})
		})
	}
}

// TestAccApp_destroyedMeanwhile deletes the app between plan and destroy.
func TestAccApp_destroyedMeanwhile(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(appAndKeys)},
		{PreConfig: func() { must(t, w.DeleteApp(w.UserID(), "tenant")) }, Config: w.Config(appAndKeys), Destroy: true},
	}})
}
