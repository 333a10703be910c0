package base

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// emptyWorkflow is Clarifai's base workflow that uses no model.
const emptyWorkflow = "Empty"

// clarifaiWorkflows are base workflows that Clarifai offers, whose models are
// Clarifai's own. Clarifai copies a base workflow into the app, with its ID; the
// copy uses the same models.
var clarifaiWorkflows = []string{
	"Universal", "General", "Language-Understanding", "Text", "Face", "Food", "Travel", "Moderation", "General-Detection",
}

// UsesOutsideModels reports whether the base workflow of an app uses models of
// other apps, as far as this run has planned or read the app: it asks nothing.
// False may mean that it is not known.
func (d *Data) UsesOutsideModels(ref clarifai.AppRef) bool {
	if w := d.App(ref).Workflow; w != nil {
		return w.ID == "" || isOutside(ref, *w)
	}
	app := d.Inventory().Record(ref.Key("")).App
	w := clarifai.WorkflowRef{ID: app.DefaultWorkflowID}
	if app.DefaultWorkflow != nil {
		w = *app.DefaultWorkflow
	}
	return w.ID != "" && isOutside(ref, w)
}

// isOutside reports whether a workflow uses models of other apps.
func isOutside(app clarifai.AppRef, w clarifai.WorkflowRef) bool {
	own := w.AppID == "" || w.AppID == app.AppID && (w.UserID == "" || w.UserID == app.UserID)
	return w.ID != emptyWorkflow && (!own || slices.Contains(clarifaiWorkflows, w.ID))
}
