package appkey

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

const (
	privateDefaults = "server_defaults"
	privateImported = "imported"
	// privateStrayed is the app of the key before it was found in another.
	privateStrayed = "strayed"
)

// defaults is what Clarifai filled in where the configuration says nothing.
// Whether it does so is not documented; without this it would show as drift.
type defaults struct {
	Scopes    []string `json:"scopes,omitempty"`
	Endpoints []string `json:"endpoints,omitempty"`
	// HidesEndpoints: those that the key was asked to be limited to were not shown.
	HidesEndpoints bool `json:"hides_endpoints,omitempty"`
}

func readDefaults(ctx context.Context, p providerdata.Private, m model, k clarifai.Key, diags *diag.Diagnostics) (d defaults) {
	if !(empty(m.Scopes) && len(k.Scopes) > 0 || empty(m.Endpoints) == (len(k.Endpoints) > 0)) {
		return d // the usual case asks for nothing
	}
	return storedDefaults(ctx, p, diags)
}

// noteDefaults remembers what Clarifai filled in when it made k for m.
func noteDefaults(ctx context.Context, p providerdata.PrivateSetter, m model, k clarifai.Key, diags *diag.Diagnostics) (d defaults) {
	if empty(m.Scopes) {
		d.Scopes = k.Scopes
	}
	if empty(m.Endpoints) {
		d.Endpoints = k.Endpoints
	}
	d.HidesEndpoints = !empty(m.Endpoints) && len(k.Endpoints) == 0
	if d.HidesEndpoints {
		diags.AddAttributeWarning(path.Root("endpoints"), "Clarifai does not show the endpoints of keys",
			"Clarifai does not show the endpoints that a new key was limited to, so whether it is, and whether that stays so, can not be told. "+
				"Try such a key on a method that it must refuse, or limit it by scopes as well.")
	}
	d.write(ctx, p, diags)
	return d
}

// noteShown forgets that Clarifai hid the endpoints of a key that it shows now:
// from here on their absence is drift.
func noteShown(ctx context.Context, from providerdata.Private, to providerdata.PrivateSetter, m model, k clarifai.Key, diags *diag.Diagnostics) {
	if empty(m.Endpoints) || len(k.Endpoints) == 0 {
		return
	}
	if d := storedDefaults(ctx, from, diags); d.HidesEndpoints {
		d.HidesEndpoints = false
		d.write(ctx, to, diags)
	}
}

func storedDefaults(ctx context.Context, p providerdata.Private, diags *diag.Diagnostics) (d defaults) {
	b, more := p.GetKey(ctx, privateDefaults)
	diags.Append(more...)
	if len(b) > 0 {
		if err := json.Unmarshal(b, &d); err != nil {
			diags.AddError("Unreadable private state", "What the provider noted about this key can not be read: "+err.Error()+".")
		}
	}
	return d
}

func (d defaults) write(ctx context.Context, p providerdata.PrivateSetter, diags *diag.Diagnostics) {
	var b []byte // deletes what was noted before
	if len(d.Scopes)+len(d.Endpoints) > 0 || d.HidesEndpoints {
		var err error
		if b, err = json.Marshal(d); err != nil {
			diags.AddError("Unwritable private state", err.Error())
			return
		}
	}
	diags.Append(p.SetKey(ctx, privateDefaults, b)...)
}
