package base

import (
	"context"
	"encoding/json"
	"slices"

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

// Note is the name of a value of type T in private state. States hold the name and the
// value as JSON, so neither may change.
type Note[T any] string

// AnyNote is a [Note] of whatever type.
type AnyNote interface {
	Clear(ctx context.Context, p PrivateWriter, diags *diag.Diagnostics)
	Copy(ctx context.Context, from PrivateReader, to PrivateWriter, diags *diag.Diagnostics)
}

// empty are the values that are stored as no note.
var empty = []string{"null", "false", `""`, "{}"}

// Get returns the value, the zero value if there is no note.
func (n Note[T]) Get(ctx context.Context, p PrivateReader, diags *diag.Diagnostics) (value T) {
	b, more := p.GetKey(ctx, string(n))
	diags.Append(more...)
	if len(b) == 0 {
		return value
	}
	if err := json.Unmarshal(b, &value); err != nil {
		diags.AddError("Cannot read private state", "What the provider stored about this resource cannot be read: "+err.Error()+".")
	}
	return value
}

// Set stores the value. One that says nothing, such as false or an empty text, removes the note.
func (n Note[T]) Set(ctx context.Context, p PrivateWriter, value T, diags *diag.Diagnostics) {
	b, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Cannot write private state", err.Error())
		return
	}
	if slices.Contains(empty, string(b)) {
		b = nil
	}
	diags.Append(p.SetKey(ctx, string(n), b)...)
}

// Clear removes the note.
func (n Note[T]) Clear(ctx context.Context, p PrivateWriter, diags *diag.Diagnostics) {
	diags.Append(p.SetKey(ctx, string(n), nil)...)
}

// Copy copies the note, if there is one.
func (n Note[T]) Copy(ctx context.Context, from PrivateReader, to PrivateWriter, diags *diag.Diagnostics) {
	b, more := from.GetKey(ctx, string(n))
	diags.Append(more...)
	if len(b) > 0 {
		diags.Append(to.SetKey(ctx, string(n), b)...)
	}
}
