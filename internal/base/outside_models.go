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
func (d *Data) UsesOutsideModels(owner, appID string) bool {
	if w, ok := d.PlannedWorkflow(owner, appID); ok {
		return w.ID == "" || isOutside(owner, appID, w)
	}
	app, ok := d.Inventory().KnownApp(owner, appID)
	if !ok {
		return false
	}
	w := clarifai.WorkflowRef{ID: app.DefaultWorkflowID}
	if app.DefaultWorkflow != nil {
		w = *app.DefaultWorkflow
	}
	return w.ID != "" && isOutside(owner, appID, w)
}

// isOutside reports whether a workflow uses models of other apps.
func isOutside(owner, appID string, w clarifai.WorkflowRef) bool {
	own := w.AppID == "" || w.AppID == appID && (w.UserID == "" || w.UserID == owner)
	return w.ID != emptyWorkflow && (!own || slices.Contains(clarifaiWorkflows, w.ID))
}
