package app_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestApp_forceDestroy destroys an app that holds something: only when told to, and the
// app and its keys outlive the refusal. Both work with the scopes that the provider says it needs.
func TestApp_forceDestroy(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]bool{"all scopes": false, "least scopes": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			w.AddOrganization("organization", w.UserID())
			if least {
				w.Settings = attributes{"pat": w.AddPAT(w.UserID(), advice.RequiredScopes()...)}
			}
			const refused = `(?s)holds 3 inputs, 1 datasets, 2 models and 4 pipelines.*another address.*use a moved block.*force_destroy = true`
			full := func() {
				must(t, w.SetCounts(w.UserID(), "tenant", emulator.Counts{Inputs: 3, Datasets: 1, Models: 2, Pipelines: 4}))
			}
			w.NewEstate(t).Follow(
				acctest.Step{Want: withKeys(), Plan: createThree},
				acctest.Step{Before: full, Want: nil, Fails: refused, After: func() {
					apitest.Equal(t, w.LiveApps(), 1, "living apps")
					apitest.Equal(t, w.LiveKeys(), 2, "living keys")
				}},
				acctest.Step{Want: withKeys(attributes{"force_destroy": true}), Plan: "update app.t"},
				// The state still consents, the configuration does not.
				acctest.Step{Want: withKeys(attributes{"user_id": "organization"}), Fails: refused},
			)
		})
	}
}

// TestApp_destroyRenamed destroys an app without a refresh after it was renamed outside
// Terraform. It lives on, which the run says.
func TestApp_destroyRenamed(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "not_found"}})
	e := w.NewEstate(t)
	must(t, e.Apply(acctest.Resources{"clarifai_app.t": {"id": "tenant"}}))
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	_, said := w.Process(t).Destroy(e.Stored("clarifai_app.t"))
	if text := said.String(); said.Failed() || !strings.Contains(text, `probably renamed to "elsewhere"`) || w.LiveApps() != 1 {
		t.Errorf("%d apps live, and the run says: %s", w.LiveApps(), text)
	}
}

// TestApp_destroyTwin destroys one of two apps that were created at the same time: the other
// one was not renamed.
func TestApp_destroyTwin(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Now: apitest.NewClock().Now})
	e := w.NewEstate(t)
	must(t, e.Apply(acctest.Resources{"clarifai_app.t": {"id": "tenant"}, "clarifai_app.u": {"id": "twin"}}))
	p := w.Process(t)
	_, said := p.Apply(p.PlanOnly(e.Stored("clarifai_app.u"), attributes{"id": "twin", "name": "Twin"}), nil)
	must(t, said.Err())
	if _, said = p.Destroy(e.Stored("clarifai_app.t")); len(said) > 0 || w.LiveApps() != 1 {
		t.Errorf("%d apps live, and the run says: %s", w.LiveApps(), said)
	}
}
