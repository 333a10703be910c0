package appkey

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// private is where Terraform keeps what the provider wants to remember.
type private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

const (
	privateDefaults = "server_defaults"
	privateImported = "imported"
)

// defaults is what Clarifai filled in where the configuration says nothing.
// Whether it does so is not documented; without this it would show as drift.
type defaults struct {
	Scopes    []string `json:"scopes,omitempty"`
	Endpoints []string `json:"endpoints,omitempty"`
}

func readDefaults(ctx context.Context, p private, m model, k clarifai.Key, diags *diag.Diagnostics) (d defaults) {
	if !(empty(m.Scopes) && len(k.Scopes) > 0 || empty(m.Endpoints) && len(k.Endpoints) > 0) {
		return d // the usual case asks for nothing
	}
	b, more := p.GetKey(ctx, privateDefaults)
	diags.Append(more...)
	if len(b) > 0 {
		if err := json.Unmarshal(b, &d); err != nil {
			diags.AddError("Unreadable private state", "What the provider noted about this key can not be read: "+err.Error()+".")
		}
	}
	return d
}

// noteDefaults remembers what Clarifai filled in when it made k for m.
func noteDefaults(ctx context.Context, p privateSetter, m model, k clarifai.Key, diags *diag.Diagnostics) (d defaults) {
	if empty(m.Scopes) {
		d.Scopes = k.Scopes
	}
	if empty(m.Endpoints) {
		d.Endpoints = k.Endpoints
	}
	if len(d.Scopes)+len(d.Endpoints) > 0 {
		b, err := json.Marshal(d)
		if err != nil {
			diags.AddError("Unwritable private state", err.Error())
			return d
		}
		diags.Append(p.SetKey(ctx, privateDefaults, b)...)
	}
	return d
}
