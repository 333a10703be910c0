// Package app is the noun clarifai_app.
package app

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// facts is what Clarifai knows of an app; resource and data source share it.
type facts struct {
	ID              types.String `tfsdk:"id"`
	UserID          types.String `tfsdk:"user_id"`
	Name            types.String `tfsdk:"name"`
	DefaultLanguage types.String `tfsdk:"default_language"`
	SampleMS        types.Int64  `tfsdk:"sample_ms"`
	IsTemplate      types.Bool   `tfsdk:"is_template"`
	Visibility      types.String `tfsdk:"visibility"`
	Description     types.String `tfsdk:"description"`
	Notes           types.String `tfsdk:"notes"`
	Metadata        types.String `tfsdk:"metadata"`
	DefaultWorkflow types.Object `tfsdk:"default_workflow"`
	CreatedAt       types.String `tfsdk:"created_at"`
}

// model is the resource.
type model struct {
	facts
	Reindex      types.Bool `tfsdk:"reindex_on_workflow_change"`
	ForceDestroy types.Bool `tfsdk:"force_destroy"`
}

// identity is how Terraform finds an app again.
type identity struct {
	UserID types.String `tfsdk:"user_id"`
	ID     types.String `tfsdk:"id"`
}

// name is what the app is called in texts, with its owner.
func (f facts) name() string { return f.UserID.ValueString() + "/" + f.ID.ValueString() }

func (f facts) identity() identity { return identity{UserID: f.UserID, ID: f.ID} }

var workflowTypes = map[string]attr.Type{"id": types.StringType, "user_id": types.StringType, "app_id": types.StringType}

// factsFromAPI is the one mapping from the wire. Prior is what the state or the
// plan says; where the server means the same, its words are kept.
func factsFromAPI(a clarifai.App, userID string, prior facts) facts {
	if a.UserID != "" {
		userID = a.UserID
	}
	f := facts{
		ID:              types.StringValue(a.ID),
		UserID:          types.StringValue(userID),
		Name:            text(a.Name, prior.Name),
		DefaultLanguage: text(a.DefaultLanguage, prior.DefaultLanguage),
		SampleMS:        types.Int64PointerValue(a.SampleMS),
		IsTemplate:      types.BoolValue(a.IsTemplate != nil && *a.IsTemplate),
		Visibility:      types.StringNull(),
		Description:     text(a.Description, prior.Description),
		Notes:           text(a.Notes, prior.Notes),
		Metadata:        metadata(a.Metadata, prior.Metadata),
		DefaultWorkflow: workflow(a, userID, prior.DefaultWorkflow),
		CreatedAt:       prior.CreatedAt,
	}
	if a.Visibility != nil && a.Visibility.Gettable != 0 {
		f.Visibility = types.StringValue(a.Visibility.Gettable.String())
	}
	if f.CreatedAt.ValueString() == "" { // never changes, but answers differ in its fraction
		f.CreatedAt = types.StringValue(a.CreatedAt.String())
	}
	return f
}

// text maps a string that the API leaves out when it is empty.
func text(got *string, prior types.String) types.String {
	if got != nil && *got != "" {
		return types.StringValue(*got)
	}
	if !prior.IsNull() && prior.ValueString() == "" && !prior.IsUnknown() {
		return prior
	}
	return types.StringNull()
}

// metadata keeps the user's text where it means what the server has. The API
// holds numbers as doubles, so that is how they are compared.
func metadata(got json.RawMessage, prior types.String) types.String {
	if sameJSON([]byte(prior.ValueString()), got) && !prior.IsUnknown() {
		return prior
	}
	if emptyJSON(got) {
		return types.StringNull()
	}
	var compact bytes.Buffer
	if json.Compact(&compact, got) != nil {
		return types.StringNull()
	}
	return types.StringValue(compact.String())
}

func emptyJSON(b []byte) bool {
	s := bytes.TrimSpace(b)
	if inner, ok := bytes.CutPrefix(s, []byte("{")); ok {
		return string(bytes.TrimSpace(inner)) == "}"
	}
	return len(s) == 0 || string(s) == "null"
}

func sameJSON(a, b []byte) bool {
	if emptyJSON(a) || emptyJSON(b) {
		return emptyJSON(a) && emptyJSON(b)
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

type workflowModel struct {
	ID     types.String `tfsdk:"id"`
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
}

func workflowOf(o types.Object) workflowModel {
	get := func(name string) types.String {
		s, _ := o.Attributes()[name].(types.String)
		return s
	}
	return workflowModel{ID: get("id"), UserID: get("user_id"), AppID: get("app_id")}
}

func (w workflowModel) object() types.Object {
	return types.ObjectValueMust(workflowTypes, map[string]attr.Value{"id": w.ID, "user_id": w.UserID, "app_id": w.AppID})
}

// workflow maps the base workflow. Clarifai makes a copy of a base workflow in
// the new app and may show either, so a workflow of the same id in the app
// itself is taken for the one that was asked for.
func workflow(a clarifai.App, userID string, prior types.Object) types.Object {
	ref := a.DefaultWorkflow
	if ref == nil {
		ref = &clarifai.WorkflowRef{ID: a.DefaultWorkflowID}
	}
	if ref.ID == "" {
		return types.ObjectNull(workflowTypes)
	}
	got := workflowModel{ID: types.StringValue(ref.ID), UserID: known(ref.UserID), AppID: known(ref.AppID)}
	if prior.IsNull() || prior.IsUnknown() {
		return got.object()
	}
	want := workflowOf(prior)
	if want.ID.ValueString() != ref.ID {
		return got.object()
	}
	copied := ref.AppID == "" || ref.AppID == a.ID && (ref.UserID == "" || ref.UserID == userID)
	return workflowModel{ID: got.ID, UserID: choose(want.UserID, got.UserID, copied), AppID: choose(want.AppID, got.AppID, copied)}.object()
}

// choose keeps what was asked for where the server's word means the same.
func choose(want, got types.String, same bool) types.String {
	if same && !want.IsNull() && !want.IsUnknown() {
		return want
	}
	return got
}

func known(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
