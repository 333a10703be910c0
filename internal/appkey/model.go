// Package appkey serves app-specific API keys: the resource and data sources
// of clarifai_app_key, its ephemeral resources and the function app_key_id.
// Clarifai's ID of a key is the secret itself; the ID here is
// user_id/app_id/fingerprint, which is safe to show.
package appkey

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// appKeyModel is the resource's state.
type appKeyModel struct {
	ID          types.String   `tfsdk:"id"`
	UserID      types.String   `tfsdk:"user_id"`
	AppID       types.String   `tfsdk:"app_id"`
	Description types.String   `tfsdk:"description"`
	Scopes      scope.SetValue `tfsdk:"scopes"`
	Endpoints   scope.SetValue `tfsdk:"endpoints"`
	Keepers     types.Map      `tfsdk:"keepers"`
	StoreKey    types.Bool     `tfsdk:"store_key"`
	Key         types.String   `tfsdk:"key"`
	Fingerprint types.String   `tfsdk:"fingerprint"`
	CreatedAt   types.String   `tfsdk:"created_at"`
	ExpiresAt   types.String   `tfsdk:"expires_at"`
}

type identityModel struct {
	UserID      types.String `tfsdk:"user_id"`
	AppID       types.String `tfsdk:"app_id"`
	Fingerprint types.String `tfsdk:"fingerprint"`
}

func identityOf(r key.Ref) identityModel {
	return identityModel{UserID: types.StringValue(r.UserID), AppID: types.StringValue(r.AppID), Fingerprint: types.StringValue(r.Fingerprint)}
}

func (m appKeyModel) ref() key.Ref {
	return key.Ref{UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString(), Fingerprint: m.Fingerprint.ValueString()}
}

func (m appKeyModel) identity() identityModel { return identityOf(m.ref()) }

// newKey returns the request for the key that a plan describes.
func (m appKeyModel) newKey() inventory.NewKey {
	return inventory.NewKey{
		UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString(), Description: m.Description.ValueString(),
		Scopes: m.Scopes.Strings(), Endpoints: m.Endpoints.Strings(), ExpiresAt: base.TimeOf(m.ExpiresAt),
	}
}

// keyFromAPI is the one mapping from the API to the state. Prior is the state
// or the plan; what only Terraform knows is taken from it.
func keyFromAPI(k clarifai.Key, prior appKeyModel, d serverDefaults) appKeyModel {
	m := prior
	m.ID = types.StringValue(k.ID())
	m.UserID = types.StringValue(k.UserID)
	m.AppID = types.StringValue(k.AppID)
	m.Fingerprint = types.StringValue(k.Fingerprint)
	m.Description = descriptionFromAPI(k.Description, prior.Description)
	m.Scopes = scopesFromAPI(k.Scopes, prior.Scopes, d.Scopes)
	m.Endpoints = endpointsFromAPI(k.Endpoints, prior.Endpoints, d)
	m.Key = types.StringNull()
	if prior.StoreKey.ValueBool() && k.Value != "" {
		m.Key = types.StringValue(k.Value.Reveal())
	}
	m.CreatedAt = createdAtFromAPI(k, prior)
	m.ExpiresAt = dateFromAPI(k.ExpiresAt, prior.ExpiresAt)
	return m
}

// descriptionFromAPI leaves out a successor's mark, which is nobody's description, unless
// the prior one has it.
func descriptionFromAPI(got string, prior types.String) types.String {
	if got != prior.ValueString() {
		got, _ = key.CutSuccessorMark(got)
	}
	return base.StringOrPrior(got, prior)
}

// createdAtFromAPI keeps what is known of a key: the time of its creation never
// changes, but answers differ in its fraction, and some do not have it.
func createdAtFromAPI(k clarifai.Key, prior appKeyModel) types.String {
	known := prior.CreatedAt.ValueString() != "" || k.CreatedAt.IsZero() && !prior.CreatedAt.IsUnknown()
	if known && prior.Fingerprint.ValueString() == k.Fingerprint {
		return prior.CreatedAt
	}
	return base.StringOrNull(k.CreatedAt.String())
}

// scopesFromAPI keeps null or empty if the server shows nothing, or only what
// it filled in when the key was created.
func scopesFromAPI(got []string, prior scope.SetValue, filled []string) scope.SetValue {
	if prior.IsEmpty() && (len(got) == 0 || scope.Equivalent(filled, got)) {
		return prior
	}
	if len(got) == 0 {
		return scope.NewSetNull()
	}
	return scope.NewSet(got)
}

func endpointsFromAPI(got []string, prior scope.SetValue, d serverDefaults) scope.SetValue {
	if prior.IsEmpty() && (len(got) == 0 || scope.NewEndpoints(d.Endpoints).Equal(scope.NewEndpoints(got))) {
		return prior
	}
	if len(got) == 0 {
		if d.HidesEndpoints {
			return prior
		}
		return scope.NewEndpointsNull()
	}
	return scope.NewEndpoints(got)
}
