package app

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// FastPath returns clarifai_app for the fast path: each tenant of a fleet has one.
// Data returns what Configure made, nil before.
func FastPath(data func() *base.Data) fastpath.Resource {
	return fastpath.For(newAppResource(), fastApp{data: data})
}

// fastApp decides which apps the fast path answers for.
type fastApp struct {
	data func() *base.Data
}

var _ fastpath.Kind[appResourceModel] = fastApp{}

// WrittenFor is compared with the schema. Add what is new there only once the
// answers below hold for it.
func (fastApp) WrittenFor() fastpath.Shape {
	text := fastpath.Attribute{Type: types.StringType}
	kept := fastpath.Attribute{Type: types.StringType, PlanModifiers: true}
	return fastpath.Shape{
		Attributes: map[string]fastpath.Attribute{
			"id": text, "description": text, "notes": text, "metadata": text,
			"user_id": text, "name": kept, "default_language": kept, "visibility": kept, "created_at": kept,
			"sample_ms":                  {Type: types.Int64Type, PlanModifiers: true},
			"is_template":                {Type: types.BoolType, PlanModifiers: true},
			"default_workflow":           {Type: types.ObjectType{AttrTypes: workflowTypes}, PlanModifiers: true},
			"reindex_on_workflow_change": {Type: types.BoolType},
			"force_destroy":              {Type: types.BoolType, Default: booldefault.StaticBool(false)},
		},
		Identity: []string{"user_id", "id"},
		// Where the app has the ID of the state, and where nothing differs.
		ReadIgnores: []string{string(notePriorApp), string(notePendingRename)},
		PlanIgnores: []string{string(notePriorApp), string(notePendingRename)},
	}
}

// ReadResult maps the app as Read does. Read has more to do where the app is missing,
// was renamed, cannot be read, is another one, or differs from the state.
func (f fastApp) ReadResult(ctx context.Context, state appResourceModel) (appResourceModel, bool) {
	inv, user := f.data().Inventory(), state.UserID.ValueString()
	if inv == nil || user == "" || base.IsAlias(user) {
		return state, false
	}
	f.data().NoteApp(state.ref(), func(a *run.App) { a.Held = true })
	a, err := inv.App(ctx, state.ref(), inventory.Checked)
	if err != nil || inventory.IsAnother(base.TimeOf(state.CreatedAt), a.CreatedAt) || !appFromAPI(a, user, state.appModel).equal(state.appModel) {
		return state, false
	}
	f.data().NoteApp(state.ref(), func(a *run.App) { a.Read, a.ForceDestroy = true, state.ForceDestroy.ValueBool() })
	return state, true
}

// PlanKeepsState notes what ModifyPlan does of an app that stays as it is. It reports
// false for one of another owner than the provider's user, about which ModifyPlan has
// something to say, where the default of force_destroy would change the plan, and where
// another address destroys the app.
func (f fastApp) PlanKeepsState(state appResourceModel, config func() (appResourceModel, bool)) (fastpath.Notes, bool) {
	data := f.data()
	if data.Inventory() == nil {
		return nil, false
	}
	another, force := data.OwnerDiffers(state.UserID.ValueString()), state.ForceDestroy.IsNull() || state.ForceDestroy.ValueBool()
	if another || force {
		c, ok := config()
		if !ok || another && c.UserID.IsNull() || force && c.ForceDestroy.IsNull() {
			return nil, false
		}
	}
	note, err := json.Marshal(state.prior())
	if err != nil || data.PlanApp(state.ref(), false) != run.NoClash {
		return nil, false
	}
	data.NoteApp(state.ref(), func(a *run.App) { a.Planned = true })
	if !state.DefaultWorkflow.IsNull() {
		notePlanned(data.Run, state.UserID.ValueString(), state.ID, state.DefaultWorkflow, clarifai.WorkflowRef{})
	}
	return fastpath.Notes{string(notePriorApp): note}, true
}
