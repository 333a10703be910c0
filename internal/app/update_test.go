package app_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func workflow(id, userID, appID string) attributes {
	w := map[string]string{"id": id}
	if userID != "" {
		w["user_id"], w["app_id"] = userID, appID
	}
	return attributes{"default_workflow": w}
}

// TestApp_workflow goes through the forms of default_workflow, with the base workflow
// shown as a copy in the app and as where it came from.
func TestApp_workflow(t *testing.T) {
	t.Parallel()
	for _, shown := range []string{"copied", "referenced"} {
		t.Run(shown, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultWorkflow: shown}})
			step := func(plan, id, workflowID string, more ...attributes) acctest.Step {
				return acctest.Step{Want: only(id, more...), Plan: plan, After: func() {
					apitest.Equal(t, live(t, w).DefaultWorkflow.ID, workflowID, "the base workflow")
				}}
			}
			const update = "update app.t"
			short, long := workflow("General", "", ""), workflow("General", "clarifai", "main")
			w.NewEstate(t).Follow(
				step("create app.t", "tenant", "General", short),
				step(update, "tenant", "General", short, attributes{"name": "x"}),
				step("", "tenant", "General", long),
				step(update, "renamed", "General", long),
				step("", "renamed", "General", short),
				step(update, "tenant", "General", short),
				step("", "tenant", "General"),
				step(update, "renamed", "General"),
				step(update, "renamed", "Face", workflow("Face", "", "")),
				step(update, "renamed", "Text", workflow("Text", "clarifai", "main")),
				step("", "renamed", "Text"),
			)
		})
	}
}

// TestApp_workflowOfFull changes the base workflow of an app that holds inputs, which
// Clarifai refuses unless it may index them again.
func TestApp_workflowOfFull(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	face := only("tenant", workflow("Face", "", ""), attributes{"force_destroy": true})
	w.NewEstate(t).Follow(
		acctest.Step{Want: only("tenant"), Plan: "create app.t"},
		acctest.Step{
			Before: func() { must(t, w.SetCounts(w.UserID(), "tenant", emulator.Counts{Inputs: 7})) },
			Want:   face, Plan: "update app.t", Fails: "(?s)reindex.*reindex_on_workflow_change",
		},
		acctest.Step{Want: only("tenant", face[address], attributes{"reindex_on_workflow_change": true}), Plan: "update app.t", After: func() {
			apitest.Equal(t, live(t, w).DefaultWorkflow.ID, "Face", "the base workflow")
		}},
	)
}

// TestApp_refused plans and applies what Clarifai refuses.
func TestApp_refused(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "taken")
	e, twice := w.NewEstate(t), only("tenant")
	e.OtherApps, e.Parallelism = 1, 1
	twice["clarifai_app.u"] = twice[address]
	e.Follow(
		acctest.Step{Want: twice, Plan: "create app.t, create app.u", Fails: `(?s)Cannot create app.*two resources of the configuration have the same id`},
		acctest.Step{Want: nil, Plan: "destroy app.t"},
		acctest.Step{Want: only("tenant", workflow("Nope", "", "")), Plan: "create app.t", Fails: "(?s)Cannot create app.*App [^/]+/tenant: .*Nope"},
		acctest.Step{Want: only("taken"), Plan: "create app.t", Fails: `(?s)Cannot create app.*ID is taken.*terraform import \S+ emulator-user/taken`},
		acctest.Step{Want: only("tenant"), Plan: "create app.t"},
		acctest.Step{Want: only("taken"), Plan: "update app.t", Says: "App ID is taken: .*will fail to rename the app emulator-user/tenant", Fails: `(?s)Cannot rename app.*ID is taken.*cannot be renamed.*already has an app "taken"`},
	)
	apitest.Equal(t, live(t, w).ID, "taken", "the app left")
}

// TestApp_otherOwner meets a Clarifai that gives the app to the owner of the PAT instead
// of the organization: nothing is kept.
func TestApp_otherOwner(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{AppOwner: "caller"}})
	w.AddOrganization("acme", w.UserID())
	w.Settings = attributes{"user_id": "acme"}
	e := w.NewEstate(t)
	e.Follow(acctest.Step{Want: only("tenant"), Plan: "create app.t", Fails: "(?s)instead of acme.*deleted again"})
	if e.Stored(address).Exists() || w.LiveApps() > 0 {
		t.Errorf("%d apps are left", w.LiveApps())
	}
}

// TestApp_longID is above what Clarifai documents, and not refused for it. What is asked
// for is what an app has by itself.
func TestApp_longID(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.NewEstate(t).Follow(acctest.Step{Plan: "create app.t", Want: only("a-tenant-with-a-name-of-forty-characters", attributes{
		"visibility": "PRIVATE", "is_template": false, "description": "", "metadata": "{}",
	})})
}

// TestApp_deletedSincePlan deletes an app between plan and apply: the error says so, and the
// next plan recreates it.
func TestApp_deletedSincePlan(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := w.NewEstate(t)
	must(t, e.Apply(only("tenant")))
	for _, want := range []acctest.Resources{only("tenant", attributes{"description": "x"}), only("renamed")} {
		plans, err := e.Plan(want)
		must(t, err)
		must(t, w.DeleteApp(w.UserID(), live(t, w).ID))
		apitest.Fails(t, e.ApplyPlans(plans), "Deleted since the plan. Run plan again to recreate it.")
		must(t, e.Apply(want))
		e.CheckSettled(want)
	}
}
