package appkey

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// This file moves keys between clarifai_app_key and clarifai_rotating_app_key, which a
// moved block asks for: nothing happens to the key.

const (
	plainType    = "clarifai_app_key"
	rotatingType = "clarifai_rotating_app_key"
)

// isMoveFrom reports whether a request moves a resource of that type of this provider.
func isMoveFrom(req resource.MoveStateRequest, typeName string) bool {
	return req.SourceTypeName == typeName && strings.HasSuffix(req.SourceProviderAddress, "/clarifai") && req.SourceState != nil
}

// finishMove sets what a move sets beside the state.
func finishMove(ctx context.Context, key appKeyModel, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if resp.TargetIdentity != nil {
		resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, key.identity())...)
	}
	for _, n := range movedNotes {
		n.Copy(ctx, req.SourcePrivate, resp.TargetPrivate, &resp.Diagnostics)
	}
}

// MoveState lets a moved block turn a clarifai_rotating_app_key into a
// clarifai_app_key.
func (r *appKeyResource) MoveState(ctx context.Context) []resource.StateMover {
	var source resource.SchemaResponse
	NewRotatingAppKeyResource().Schema(ctx, resource.SchemaRequest{}, &source)
	return []resource.StateMover{{SourceSchema: &source.Schema, StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if !isMoveFrom(req, rotatingType) {
			return
		}
		var state rotatingKeyModel
		resp.Diagnostics.Append(req.SourceState.Get(ctx, &state)...)
		if checkNoOthers(state, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
		resp.Diagnostics.Append(resp.TargetState.Set(ctx, state.appKeyModel)...)
		finishMove(ctx, state.appKeyModel, req, resp)
	}}}
}

// checkNoOthers adds an error if the state holds other keys than the current one,
// which would be left without anybody to revoke them.
func checkNoOthers(state rotatingKeyModel, diags *diag.Diagnostics) {
	var others []string
	for _, k := range state.retiring(nil) {
		others = append(others, k.ID())
	}
	if len(others) == 0 {
		return
	}
	when := "as soon as possible, because their time has come"
	if at := state.PreviousExpiresAt.ValueString(); at != "" {
		when = "after " + at + ", which is previous_expires_at"
	}
	diags.AddError("Cannot move rotating app key",
		"The key "+state.ID.ValueString()+" was rotated, and these keys before it are still alive: "+strings.Join(others, ", ")+
			". A clarifai_app_key cannot revoke them. Remove the moved block and keep the clarifai_rotating_app_key for now, apply it "+when+
			", which revokes them, and move it then. To revoke them sooner, set a shorter overlap and apply twice.")
}

// MoveState lets a moved block turn a clarifai_app_key into a
// clarifai_rotating_app_key. Rotation counts from the creation of the key.
func (r *rotatingAppKeyResource) MoveState(ctx context.Context) []resource.StateMover {
	var source resource.SchemaResponse
	NewAppKeyResource().Schema(ctx, resource.SchemaRequest{}, &source)
	return []resource.StateMover{{SourceSchema: &source.Schema, StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if !isMoveFrom(req, plainType) {
			return
		}
		state := rotatingKeyModel{KeyIDs: types.SetNull(types.StringType)}
		resp.Diagnostics.Append(req.SourceState.Get(ctx, &state.appKeyModel)...)
		if resp.Diagnostics.HasError() {
			return
		}
		state.complete()
		warnDated(state.appKeyModel, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.TargetState.Set(ctx, state)...)
		finishMove(ctx, state.appKeyModel, req, resp)
	}}}
}

// warnDated warns that a key keeps its date under rotation: a rotation comes with an
// apply, the date does not wait for one.
func warnDated(state appKeyModel, diags *diag.Diagnostics) {
	if timeOf(state.ExpiresAt).IsZero() {
		return
	}
	diags.AddWarning("A rotating app key still expires",
		"The key "+state.ID.ValueString()+" expires at "+state.ExpiresAt.ValueString()+", and the move does not change that. The first plan after that date rotates "+
			"it; until then, what uses it fails. The next rotation gives it a successor that does not expire: rotate it in time, with a change of keepers.")
}
