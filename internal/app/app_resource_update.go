package app

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// patchOf gives what has to be sent to get from one set of facts to another.
// For a new app, from is empty.
func patchOf(want, from facts) clarifai.App {
	var a clarifai.App
	a.Name = changedText(want.Name, from.Name)
	a.DefaultLanguage = changedText(want.DefaultLanguage, from.DefaultLanguage)
	a.Description = changedText(want.Description, from.Description)
	a.Notes = changedText(want.Notes, from.Notes)
	if !want.SampleMS.IsUnknown() && !want.SampleMS.Equal(from.SampleMS) {
		a.SampleMS = want.SampleMS.ValueInt64Pointer()
	}
	if !want.IsTemplate.IsUnknown() && !want.IsTemplate.Equal(from.IsTemplate) {
		a.IsTemplate = want.IsTemplate.ValueBoolPointer()
	}
	if g, ok := clarifai.ParseGettable(want.Visibility.ValueString()); ok && !want.Visibility.Equal(from.Visibility) {
		a.Visibility = &clarifai.Visibility{Gettable: g}
	}
	if !sameJSON([]byte(want.Metadata.ValueString()), []byte(from.Metadata.ValueString())) {
		a.Metadata = json.RawMessage("{}")
		if !emptyJSON([]byte(want.Metadata.ValueString())) {
			a.Metadata = json.RawMessage(want.Metadata.ValueString())
		}
	}
	if w := want.DefaultWorkflow; !w.IsNull() && !w.IsUnknown() && !workflowOf(w).meets(workflowOf(from.DefaultWorkflow)) {
		m := workflowOf(w)
		a.DefaultWorkflow = &clarifai.WorkflowRef{ID: m.ID.ValueString(), UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString()}
	}
	return a
}

// meets tells whether a workflow is the wanted one as far as that is said.
func (w workflowModel) meets(now workflowModel) bool {
	same := func(want, now types.String) bool { return want.IsUnknown() || want.Equal(now) }
	return same(w.ID, now.ID) && same(w.UserID, now.UserID) && same(w.AppID, now.AppID)
}

// filled is the workflow with what is open taken from another.
func (w workflowModel) filled(from workflowModel) types.Object {
	pick := func(want, got types.String) types.String {
		if want.IsUnknown() {
			return got
		}
		return want
	}
	return workflowModel{ID: w.ID, UserID: pick(w.UserID, from.UserID), AppID: pick(w.AppID, from.AppID)}.object()
}

// in gives the facts in the words of a plan that asks for no other ones.
func (f facts) in(want facts) facts {
	want.ID, want.UserID, want.CreatedAt = f.ID, f.UserID, f.CreatedAt
	if want.Name.IsUnknown() {
		want.Name = f.Name
	}
	if want.DefaultLanguage.IsUnknown() {
		want.DefaultLanguage = f.DefaultLanguage
	}
	if want.SampleMS.IsUnknown() {
		want.SampleMS = f.SampleMS
	}
	if want.IsTemplate.IsUnknown() {
		want.IsTemplate = f.IsTemplate
	}
	if want.Visibility.IsUnknown() {
		want.Visibility = f.Visibility
	}
	if want.DefaultWorkflow.IsUnknown() || partlyUnknown(want.DefaultWorkflow) {
		want.DefaultWorkflow = f.DefaultWorkflow
	}
	return want
}

// changedText is nil where nothing changes; null and empty are the same to the API.
func changedText(want, from types.String) *string {
	if want.IsUnknown() || want.ValueString() == from.ValueString() {
		return nil
	}
	s := want.ValueString()
	return &s
}

func changes(a clarifai.App) bool { return !reflect.DeepEqual(a, clarifai.App{}) }

// sameFacts tells whether a refresh would change nothing.
func sameFacts(a, b facts) bool { return reflect.DeepEqual(a, b) }

// untaken is an attribute that Clarifai did not take as asked.
type untaken struct {
	name      string
	want, got attr.Value
}

func notTaken(want, got facts) (out []untaken) {
	for _, f := range []untaken{
		{"name", want.Name, got.Name},
		{"default_language", want.DefaultLanguage, got.DefaultLanguage},
		{"sample_ms", want.SampleMS, got.SampleMS},
		{"is_template", want.IsTemplate, got.IsTemplate},
		{"visibility", want.Visibility, got.Visibility},
		{"description", want.Description, got.Description},
		{"notes", want.Notes, got.Notes},
		{"metadata", want.Metadata, got.Metadata},
		{"default_workflow", want.DefaultWorkflow, got.DefaultWorkflow},
	} {
		if !f.want.IsUnknown() && !f.want.Equal(f.got) && !(partlyUnknown(f.want) && workflowOf(want.DefaultWorkflow).meets(workflowOf(got.DefaultWorkflow))) {
			out = append(out, f)
		}
	}
	return out
}

// factsTaken gives what an app has after it was written, as the answer tells or,
// where that is not what was asked for, as the app itself does.
func factsTaken(ctx context.Context, inv *inventory.Inventory, answer clarifai.App, user string, want facts) facts {
	got := factsFromAPI(answer, user, want)
	if len(notTaken(want, got)) == 0 {
		return got
	}
	if app, err := inv.RereadApp(ctx, user, answer.ID); err == nil {
		return factsFromAPI(app, user, want)
	}
	return got
}

// checkTaken says which attributes Clarifai did not take as asked. The state
// keeps what the server has, so the next plan shows the difference as well.
func checkTaken(want, got facts, diags *diag.Diagnostics) {
	for _, f := range notTaken(want, got) {
		diags.AddAttributeError(path.Root(f.name), f.summary(), f.detail())
	}
}

// unlessTaken is checkTaken for a new app: an error would have Terraform make it
// anew. The state has what was asked for, until the next plan shows the difference.
func unlessTaken(want, got facts, diags *diag.Diagnostics) facts {
	for _, f := range notTaken(want, got) {
		diags.AddAttributeWarning(path.Root(f.name), f.summary(), f.detail()+" The next plan shows the difference.")
	}
	asked := got.in(want)
	asked.CreatedAt = got.CreatedAt
	if w := want.DefaultWorkflow; partlyUnknown(w) {
		asked.DefaultWorkflow = workflowOf(w).filled(workflowOf(got.DefaultWorkflow))
	}
	return asked
}

func (f untaken) summary() string {
	if cleared(f.want) {
		return "Clarifai did not clear " + f.name
	}
	return "Clarifai did not take " + f.name
}

func (f untaken) detail() string {
	if !cleared(f.want) {
		return fmt.Sprintf("The configuration asks for %s, Clarifai answered that it has %s. Set %s to what Clarifai has, or leave it out.", f.want, f.got, f.name)
	}
	instead := `to another text, such as "-"`
	if f.name == "metadata" {
		instead = "to another object, with a key that you can do without"
	}
	return fmt.Sprintf("The configuration wants no %s, but Clarifai's API does not clear this field: the app still has %s. Set %s %s, or put the old value back.",
		f.name, f.got, f.name, instead)
}

func cleared(v attr.Value) bool {
	s, ok := v.(interface{ ValueString() string })
	return v.IsNull() || ok && s.ValueString() == ""
}

func partlyUnknown(v attr.Value) bool {
	o, ok := v.(types.Object)
	if !ok || o.IsNull() {
		return false
	}
	for _, a := range o.Attributes() {
		if a.IsUnknown() {
			return true
		}
	}
	return false
}
