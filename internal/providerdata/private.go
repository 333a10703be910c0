package providerdata

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Private is where Terraform keeps what the provider wants to remember.
type Private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateSetter is Private for writing.
type PrivateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Note remembers a text; an empty one forgets what was noted before.
func Note(ctx context.Context, p PrivateSetter, key, text string, diags *diag.Diagnostics) {
	var note []byte
	if text != "" {
		note, _ = json.Marshal(text) // a string always marshals
	}
	diags.Append(p.SetKey(ctx, key, note)...)
}

// Noted is what was noted, or nothing.
func Noted(ctx context.Context, p Private, key string, diags *diag.Diagnostics) (text string) {
	note, more := p.GetKey(ctx, key)
	diags.Append(more...)
	if len(note) == 0 || json.Unmarshal(note, &text) != nil {
		return ""
	}
	return text
}
