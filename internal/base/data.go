// Package base is what the provider's Configure hands to every type that it serves,
// and what they share: bases to embed, validators, null mapping and private state.
package base

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// Data is what the provider's Configure hands to the types that it serves.
type Data struct {
	*run.Run
	inventory *inventory.Inventory
	userID    string // of the provider block; "": none
	cleanup   *Cleanup
	unknown   []string // attributes of the provider block that are not known yet
}

// New returns the data of a provider that is configured with a user or none. Its
// ephemeral resources register in cleanup what they leave open.
func New(inv *inventory.Inventory, userID string, cleanup *Cleanup) *Data {
	if IsAlias(userID) {
		userID = ""
	}
	return &Data{inventory: inv, userID: userID, cleanup: cleanup, Run: run.New()}
}

// Pending returns data that cannot be used yet: the named attributes of the
// provider block are unknown until something else is applied.
func Pending(attributes []string) *Data { return &Data{unknown: attributes, Run: run.New()} }

// Inventory returns the configured inventory, or nil.
func (d *Data) Inventory() *inventory.Inventory {
	if d == nil {
		return nil
	}
	return d.inventory
}

// Log writes the client's debug records into Terraform's log.
type Log struct {
	PAT string // masked in every record, as a second line of defense
}

var _ clarifai.Logger = Log{}

// Debug writes one record. It sets the mask itself, because the context of a
// call is not the one that the provider was configured with.
func (l Log) Debug(ctx context.Context, msg string, fields map[string]any) {
	if l.PAT != "" {
		ctx = tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, l.PAT), l.PAT)
	}
	tflog.Debug(ctx, msg, fields)
}

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

func isOutside(app clarifai.AppRef, w clarifai.WorkflowRef) bool {
	own := w.AppID == "" || w.AppID == app.AppID && (w.UserID == "" || w.UserID == app.UserID)
	return w.ID != emptyWorkflow && (!own || slices.Contains(clarifaiWorkflows, w.ID))
}
