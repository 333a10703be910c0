package app

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// privateRenaming holds the id that the app was to get, where it is not known
// whether it got it.
const privateRenaming = "renaming"

type private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// noteRename remembers what a rename that failed was for: its answer may have
// been lost, and Clarifai need not tell of a renamed app's new id.
func noteRename(ctx context.Context, p privateSetter, to string, failed error, diags *diag.Diagnostics) {
	var note []byte // deletes what was noted before
	if failed != nil && !errors.Is(failed, clarifai.ErrAppExists) {
		note, _ = json.Marshal(to) // a string always marshals
	}
	diags.Append(p.SetKey(ctx, privateRenaming, note)...)
}

// renamedBefore finds an app that is not there any more under the id that an
// earlier run was giving it. That it was made at the same time proves that it is
// the same one.
func renamedBefore(ctx context.Context, c *clarifai.Client, user string, state facts, p private, diags *diag.Diagnostics) (clarifai.App, error) {
	note, more := p.GetKey(ctx, privateRenaming)
	diags.Append(more...)
	var to string
	if len(note) == 0 || json.Unmarshal(note, &to) != nil {
		return clarifai.App{}, clarifai.ErrGone
	}
	app, err := c.FindApp(ctx, user, to)
	if err == nil && factsFromAPI(app, user, facts{}).CreatedAt.ValueString() != state.CreatedAt.ValueString() {
		return clarifai.App{}, clarifai.ErrGone
	}
	return app, err
}
