// Package appkey is the noun clarifai_app_key and its kin. Clarifai's id of a
// key is the key itself; here id is user_id/app_id/fingerprint, which is safe
// to print.
package appkey

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// model is the resource.
type model struct {
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

// identity is how Terraform finds a key again.
type identity struct {
	UserID      types.String `tfsdk:"user_id"`
	AppID       types.String `tfsdk:"app_id"`
	Fingerprint types.String `tfsdk:"fingerprint"`
}

func (m model) identity() identity {
	return identity{UserID: m.UserID, AppID: m.AppID, Fingerprint: m.Fingerprint}
}

// keyFromAPI is the one mapping from the wire. Prior is what the state or the
// plan says; what is Terraform's alone comes from there.
func keyFromAPI(k clarifai.Key, prior model, d defaults) model {
	m := prior
	m.ID = types.StringValue(k.ID())
	m.UserID = types.StringValue(k.UserID)
	m.AppID = types.StringValue(k.AppID)
	m.Fingerprint = types.StringValue(k.Fingerprint)
	m.Description = text(k.Description, prior.Description)
	m.Scopes = scopesFromAPI(k.Scopes, prior.Scopes, d.Scopes)
	m.Endpoints = endpointsFromAPI(k.Endpoints, prior.Endpoints, d)
	m.Key = types.StringNull()
	if prior.StoreKey.ValueBool() {
		m.Key = types.StringValue(k.Value.Reveal())
	}
	// A key is made once, but answers differ in the fraction they show of when.
	if prior.CreatedAt.ValueString() == "" || prior.Fingerprint != m.Fingerprint {
		m.CreatedAt = types.StringValue(k.CreatedAt.String())
	}
	m.ExpiresAt = moment(k.ExpiresAt, prior.ExpiresAt)
	return m
}

// moment keeps the text of a time that is the same one in another fraction.
func moment(got clarifai.Time, prior types.String) types.String {
	if at, err := time.Parse(time.RFC3339Nano, prior.ValueString()); err == nil && at.Truncate(time.Microsecond).Equal(got.Truncate(time.Microsecond)) {
		return prior
	}
	return optional(got.String())
}

// text maps a string that the API leaves out when it is empty.
func text(got string, prior types.String) types.String {
	if got == "" && !prior.IsNull() && !prior.IsUnknown() && prior.ValueString() == "" {
		return prior
	}
	return optional(got)
}

func optional(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// scopesFromAPI keeps null or empty where the server shows nothing, or what it
// filled in by itself when the key was made.
func scopesFromAPI(got []string, prior scope.SetValue, filled []string) scope.SetValue {
	if empty(prior) && (len(got) == 0 || scope.Equivalent(filled, got)) {
		return prior
	}
	if len(got) == 0 {
		return scope.NewSetNull()
	}
	return scope.NewSet(got)
}

func endpointsFromAPI(got []string, prior scope.SetValue, d defaults) scope.SetValue {
	if empty(prior) && (len(got) == 0 || scope.NewEndpoints(d.Endpoints).Equal(scope.NewEndpoints(got))) {
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

func empty(s scope.SetValue) bool { return s.IsNull() || !s.IsUnknown() && s.Len() == 0 }
