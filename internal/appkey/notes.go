package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Names in private state. States hold them, so the strings never change.
const (
	// privateDefaults holds serverDefaults.
	privateDefaults = "server_defaults"
	// privateImported is true from an import to the first update.
	privateImported = "imported"
	// privateRenamedOutside holds the app in which the key was before it was
	// found in another one.
	privateRenamedOutside = "strayed"
	// privateAppRecreated is true if the plan deletes the key's app, and the key
	// with it, and creates the app again.
	privateAppRecreated = "app_recreated"
	// privateChanges is true, within one plan, if an existing key changes. Terraform
	// plans a replacement in two calls, of which the second gets no state.
	privateChanges = "changes"
)

// serverDefaults is what Clarifai filled in where the configuration sets
// nothing. Clarifai does not document whether it does; without this record it
// would show as drift.
type serverDefaults struct {
	Scopes    []string `json:"scopes,omitempty"`
	Endpoints []string `json:"endpoints,omitempty"`
	// HidesEndpoints is set if answers do not show the endpoints that the key
	// was asked to be limited to.
	HidesEndpoints bool `json:"hides_endpoints,omitempty"`
}

// newDefaults returns what Clarifai filled in when it created k as asked.
func newDefaults(asked appKeyModel, k clarifai.Key) (d serverDefaults) {
	if asked.Scopes.IsEmpty() {
		d.Scopes = k.Scopes
	}
	if asked.Endpoints.IsEmpty() {
		d.Endpoints = k.Endpoints
	}
	d.HidesEndpoints = !asked.Endpoints.IsEmpty() && len(k.Endpoints) == 0
	return d
}

// defaultsFor returns the stored defaults if they matter for a key as Clarifai
// shows it. For most keys they do not, and nothing is decoded.
func defaultsFor(ctx context.Context, p base.PrivateReader, state appKeyModel, k clarifai.Key) (serverDefaults, diag.Diagnostics) {
	scopesFilled := state.Scopes.IsEmpty() && len(k.Scopes) > 0
	endpointsDiffer := state.Endpoints.IsEmpty() == (len(k.Endpoints) > 0)
	if !scopesFilled && !endpointsDiffer {
		return serverDefaults{}, nil
	}
	return storedDefaults(ctx, p)
}

func storedDefaults(ctx context.Context, p base.PrivateReader) (d serverDefaults, diags diag.Diagnostics) {
	diags = base.ReadPrivate(ctx, p, privateDefaults, &d)
	return d, diags
}

// store writes the defaults; if there are none, it removes them.
func (d serverDefaults) store(ctx context.Context, p base.PrivateWriter) diag.Diagnostics {
	if len(d.Scopes)+len(d.Endpoints) == 0 && !d.HidesEndpoints {
		return base.SetPrivate(ctx, p, privateDefaults, nil)
	}
	return base.SetPrivate(ctx, p, privateDefaults, d)
}

// storeNew writes the defaults of a new key, and warns if its endpoints are hidden.
func (d serverDefaults) storeNew(ctx context.Context, p base.PrivateWriter, diags *diag.Diagnostics) {
	if d.HidesEndpoints {
		diags.AddAttributeWarning(path.Root("endpoints"), "Clarifai does not show the endpoints of keys",
			"Clarifai does not show the endpoints that the new key is limited to, so the provider cannot verify the limit or detect a change of it. "+
				"Try such a key on a method that it must refuse, or limit it by scopes as well.")
	}
	diags.Append(d.store(ctx, p)...)
}

// forgetHiddenEndpoints records that Clarifai shows the endpoints of a key
// after all: from now on, their absence is drift.
func forgetHiddenEndpoints(ctx context.Context, from base.PrivateReader, to base.PrivateWriter, diags *diag.Diagnostics) {
	d, more := storedDefaults(ctx, from)
	diags.Append(more...)
	if d.HidesEndpoints {
		d.HidesEndpoints = false
		diags.Append(d.store(ctx, to)...)
	}
}
