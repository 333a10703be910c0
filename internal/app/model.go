// Package app serves clarifai_app, as a resource and as a data source.
package app

import (
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// appModel holds what Clarifai knows of an app. Resource and data source share it.
type appModel struct {
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

type identityModel struct {
	UserID types.String `tfsdk:"user_id"`
	ID     types.String `tfsdk:"id"`
}

func (m appModel) ref() clarifai.AppRef {
	return clarifai.AppRef{UserID: m.UserID.ValueString(), AppID: m.ID.ValueString()}
}

// inState is the app as a state has it.
func (m appModel) inState() inventory.StateApp {
	return inventory.StateApp{AppRef: m.ref(), CreatedAt: base.TimeOf(m.CreatedAt)}
}

// equal reports whether a refresh that reads other would change nothing.
func (m appModel) equal(other appModel) bool { return reflect.DeepEqual(m, other) }

func (m appModel) identity() identityModel { return identityModel{UserID: m.UserID, ID: m.ID} }

// appFromAPI is the one mapping from the API to the state. Prior is the state
// or the plan: where it means the same as the server's answer, it is kept. The owner is
// the one who was asked: an answer that names another one makes it nobody else's.
func appFromAPI(a clarifai.App, userID string, prior appModel) appModel {
	m := appModel{
		ID:              types.StringValue(a.ID),
		UserID:          types.StringValue(userID),
		Name:            textFromAPI(a.Name, prior.Name),
		DefaultLanguage: textFromAPI(a.DefaultLanguage, prior.DefaultLanguage),
		SampleMS:        types.Int64PointerValue(a.SampleMS),
		IsTemplate:      types.BoolValue(a.IsTemplate != nil && *a.IsTemplate),
		Visibility:      types.StringNull(),
		Description:     textFromAPI(a.Description, prior.Description),
		Notes:           textFromAPI(a.Notes, prior.Notes),
		Metadata:        metadataFromAPI(a.Metadata, prior.Metadata),
		DefaultWorkflow: workflowFromAPI(a, userID, prior.DefaultWorkflow),
		CreatedAt:       prior.CreatedAt,
	}
	if a.Visibility != nil && a.Visibility.Gettable != 0 {
		m.Visibility = types.StringValue(a.Visibility.Gettable.String())
	}
	if m.CreatedAt.ValueString() == "" { // never changes, but answers differ in its fraction
		m.CreatedAt = types.StringValue(a.CreatedAt.String())
	}
	return m
}

func textFromAPI(got *string, prior types.String) types.String {
	if got == nil {
		return base.StringOrPrior("", prior)
	}
	return base.StringOrPrior(*got, prior)
}

// attributesOf calls do with each attribute of two apps, in the order of the model.
func attributesOf(a, b *appModel, do func(name string, a, b reflect.Value)) {
	va, vb := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range va.NumField() {
		do(va.Type().Field(i).Tag.Get("tfsdk"), va.Field(i), vb.Field(i))
	}
}

// isGiven reports whether Clarifai gives an app the attribute, whatever is asked for.
func isGiven(name string) bool { return name == "id" || name == "user_id" || name == "created_at" }

// fillUnknowns returns the plan with what it leaves to Clarifai taken from an
// app that already has everything else the plan asks for.
func fillUnknowns(plan, from appModel) appModel {
	attributesOf(&plan, &from, func(name string, p, f reflect.Value) {
		v, ok := reflect.TypeAssert[attr.Value](p)
		if isGiven(name) || ok && (v.IsUnknown() || partlyUnknown(v)) {
			p.Set(f)
		}
	})
	return plan
}
