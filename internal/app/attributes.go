package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// This file is about the attributes that mean more than their text: metadata, visibility
// and default_workflow.

// metadataFromAPI keeps the user's text if it means what the server has.
func metadataFromAPI(got json.RawMessage, prior types.String) types.String {
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

// emptyJSON reports whether a text is nothing, null or an empty object.
func emptyJSON(b []byte) bool {
	s := bytes.TrimSpace(b)
	if inner, ok := bytes.CutPrefix(s, []byte("{")); ok {
		return string(bytes.TrimSpace(inner)) == "}"
	}
	return len(s) == 0 || string(s) == "null"
}

// sameJSON reports whether two texts mean the same. Numbers are compared as
// doubles, because that is how the API stores them.
func sameJSON(a, b []byte) bool {
	if emptyJSON(a) || emptyJSON(b) {
		return emptyJSON(a) && emptyJSON(b)
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func jsonObject() validator.String {
	return base.StringValidator{
		Accepts: "value must be a JSON object",
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			var object map[string]any
			if json.Unmarshal([]byte(text), &object) == nil && object != nil {
				return
			}
			kind := "not a JSON object"
			if json.Valid([]byte(text)) {
				kind = "JSON, but not an object"
			}
			diags.AddAttributeError(at, "Invalid metadata",
				fmt.Sprintf("%s is %s. Set it to an object, for example jsonencode({ tenant = \"acme\" }).", at, kind))
		},
	}
}

var visibilities = []string{"PRIVATE", "ORG", "PUBLIC"}

func visibility() validator.String {
	const accepts = `must be "PRIVATE", "ORG" or "PUBLIC"`
	return base.StringValidator{
		Accepts: "value " + accepts,
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			if slices.Contains(visibilities, text) {
				return
			}
			detail := fmt.Sprintf("%s is %q; it %s.", at, text, accepts)
			if meant := strings.ToUpper(strings.TrimSpace(text)); slices.Contains(visibilities, meant) {
				detail += fmt.Sprintf(" Did you mean %q?", meant)
			}
			diags.AddAttributeError(at, "Invalid visibility", detail)
		},
	}
}

var workflowTypes = map[string]attr.Type{"id": types.StringType, "user_id": types.StringType, "app_id": types.StringType}

// workflowModel is the attribute default_workflow.
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

// matches reports whether a workflow is the wanted one in every attribute that
// is known.
func (w workflowModel) matches(now workflowModel) bool {
	same := func(want, now types.String) bool { return want.IsUnknown() || want.Equal(now) }
	return same(w.ID, now.ID) && same(w.UserID, now.UserID) && same(w.AppID, now.AppID)
}

// fillUnknowns returns the workflow with its unknown attributes taken from
// another one.
func (w workflowModel) fillUnknowns(from workflowModel) types.Object {
	return workflowModel{ID: w.ID, UserID: knownOr(w.UserID, from.UserID), AppID: knownOr(w.AppID, from.AppID)}.object()
}

// workflowFromAPI maps the base workflow. Clarifai copies a base workflow into
// the new app and may show either, so a workflow of the same ID in the app
// itself counts as the one that was asked for.
func workflowFromAPI(a clarifai.App, userID string, prior types.Object) types.Object {
	ref := a.DefaultWorkflow
	if ref == nil {
		ref = &clarifai.WorkflowRef{ID: a.DefaultWorkflowID}
	}
	if ref.ID == "" {
		return types.ObjectNull(workflowTypes)
	}
	got := workflowModel{ID: types.StringValue(ref.ID), UserID: base.StringOrNull(ref.UserID), AppID: base.StringOrNull(ref.AppID)}
	if prior.IsNull() || prior.IsUnknown() {
		return got.object()
	}
	want := workflowOf(prior)
	if want.ID.ValueString() != ref.ID {
		return got.object()
	}
	if copied := ref.AppID == "" || ref.AppID == a.ID && (ref.UserID == "" || ref.UserID == userID); copied {
		got.UserID, got.AppID = knownOr(want.UserID, got.UserID), knownOr(want.AppID, got.AppID)
	}
	return got.object()
}

// knownOr returns want if it is set and known, else got.
func knownOr(want, got types.String) types.String {
	if want.IsNull() || want.IsUnknown() {
		return got
	}
	return want
}

// planWorkflow fills what the configuration leaves open from the state, as
// long as the workflow stays the same.
func planWorkflow(plan, state, config appModel) types.Object {
	renamed := !plan.ID.Equal(state.ID)
	switch {
	case config.DefaultWorkflow.IsNull() && renamed:
		return types.ObjectUnknown(workflowTypes) // a copy within the app moves with it
	case config.DefaultWorkflow.IsNull(), plan.DefaultWorkflow.IsUnknown(), state.DefaultWorkflow.IsNull():
		return plan.DefaultWorkflow
	}
	want, now := workflowOf(plan.DefaultWorkflow), workflowOf(state.DefaultWorkflow)
	if !want.ID.Equal(now.ID) {
		return plan.DefaultWorkflow
	}
	if now.AppID.Equal(state.ID) && now.UserID.Equal(state.UserID) && !renamed {
		return state.DefaultWorkflow // the app's own copy of what is asked for
	}
	if want.UserID.IsUnknown() {
		want.UserID = now.UserID
	}
	if want.AppID.IsUnknown() && !renamed {
		want.AppID = now.AppID
	}
	return want.object()
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
