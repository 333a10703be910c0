package base

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

// SetPrivate stores a value in private state as JSON; nil removes the key.
func SetPrivate(ctx context.Context, p PrivateWriter, key string, value any) diag.Diagnostics {
	if value == nil {
		return p.SetKey(ctx, key, nil)
	}
	b, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot write private state", err.Error())}
	}
	return p.SetKey(ctx, key, b)
}

// ReadPrivate sets what into points to, to what SetPrivate stored under key. Without
// anything there, it stays as it is.
func ReadPrivate(ctx context.Context, p PrivateReader, key string, into any) diag.Diagnostics {
	b, diags := p.GetKey(ctx, key)
	if len(b) == 0 {
		return diags
	}
	if err := json.Unmarshal(b, into); err != nil {
		diags.AddError("Cannot read private state", "What the provider stored about this resource cannot be read: "+err.Error()+".")
	}
	return diags
}

// SetPrivateText stores a text in private state; an empty text removes the key.
func SetPrivateText(ctx context.Context, p PrivateWriter, key, text string) diag.Diagnostics {
	if text == "" {
		return SetPrivate(ctx, p, key, nil)
	}
	return SetPrivate(ctx, p, key, text)
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
