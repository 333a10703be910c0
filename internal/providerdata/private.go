package providerdata

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader is the reading half of the private state that Terraform keeps
// for a resource.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is the writing half of a resource's private state.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// SetPrivateText stores a text in private state; an empty text removes the key.
func SetPrivateText(ctx context.Context, p PrivateWriter, key, text string) diag.Diagnostics {
	if text == "" {
		return p.SetKey(ctx, key, nil)
	}
	value, err := json.Marshal(text)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot write private state", err.Error())}
	}
	return p.SetKey(ctx, key, value)
}

// PrivateText returns the text that SetPrivateText stored under key, or "".
func PrivateText(ctx context.Context, p PrivateReader, key string) (string, diag.Diagnostics) {
	value, diags := p.GetKey(ctx, key)
	var text string
	if len(value) == 0 || json.Unmarshal(value, &text) != nil {
		return "", diags
	}
	return text, diags
}
