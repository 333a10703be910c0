package providerdata

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

// NotePlannedApp notes the base workflow that an app in this plan will have. One
// without an ID is that of a new app that does not set it, for which Clarifai
// chooses.
func (d *Data) NotePlannedApp(owner, appID string, workflow clarifai.WorkflowRef) {
	d.planned.Store(owner+"/"+appID, workflow)
}

// UsesOutsideModels reports whether the base workflow of an app uses models of
// other apps, as far as this run has planned or read the app: it asks nothing.
// False may mean that it is not known.
func (d *Data) UsesOutsideModels(owner, appID string) bool {
	if planned, ok := d.planned.Load(owner + "/" + appID); ok {
		w, _ := planned.(clarifai.WorkflowRef)
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
