package app

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/session"
)

// privateRenaming holds the id that the app was to get, where it is not known
// whether it got it.
const privateRenaming = "renaming"

// noteRename remembers what a rename that failed was for: its answer may have
// been lost, and Clarifai need not tell of a renamed app's new id.
func noteRename(ctx context.Context, p session.PrivateSetter, to string, failed error, diags *diag.Diagnostics) {
	if failed == nil || errors.Is(failed, clarifai.ErrAppExists) {
		to = ""
	}
	session.Note(ctx, p, privateRenaming, to, diags)
}

// renamedBefore finds an app that is not there any more under the id that an
// earlier run was giving it. That it was made at the same time proves that it is
// the same one.
func renamedBefore(ctx context.Context, c *clarifai.Client, user string, state facts, p session.Private, diags *diag.Diagnostics) (clarifai.App, error) {
	to := session.Noted(ctx, p, privateRenaming, diags)
	if to == "" {
		return clarifai.App{}, clarifai.ErrGone
	}
	app, err := c.FindApp(ctx, user, to)
	if err == nil && factsFromAPI(app, user, facts{}).CreatedAt.ValueString() != state.CreatedAt.ValueString() {
		return clarifai.App{}, clarifai.ErrGone
	}
	return app, err
}
