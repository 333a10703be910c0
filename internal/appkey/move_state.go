package appkey

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// This file moves keys between clarifai_app_key and clarifai_rotating_app_key, which a
// moved block asks for: nothing happens to the key.

const (
	plainType    = "clarifai_app_key"
	rotatingType = "clarifai_rotating_app_key"
)

// moveFrom returns the mover of a resource of another type of this provider. Convert sets
// the target's state and returns the key in it.
func moveFrom(source resource.Resource, typeName string, convert func(context.Context, resource.MoveStateRequest, *resource.MoveStateResponse) appKeyModel) []resource.StateMover {
	var s resource.SchemaResponse
	source.Schema(context.Background(), resource.SchemaRequest{}, &s)
	return []resource.StateMover{{SourceSchema: &s.Schema, StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if req.SourceTypeName != typeName || !strings.HasSuffix(req.SourceProviderAddress, "/clarifai") || req.SourceState == nil {
			return
		}
		key := convert(ctx, req, resp)
		if resp.Diagnostics.HasError() {
			return
		}
		if resp.TargetIdentity != nil {
			resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, key.identity())...)
		}
		for _, n := range movedNotes {
			n.Copy(ctx, req.SourcePrivate, resp.TargetPrivate, &resp.Diagnostics)
		}
	}}}
}

// MoveState lets a moved block turn a clarifai_rotating_app_key into a
// clarifai_app_key.
func (r *appKeyResource) MoveState(context.Context) []resource.StateMover {
	return moveFrom(NewRotatingAppKeyResource(), rotatingType, func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) appKeyModel {
		var state rotatingKeyModel
		resp.Diagnostics.Append(req.SourceState.Get(ctx, &state)...)
		if checkNoOthers(state, noteRetireDates.Get(ctx, req.SourcePrivate, &resp.Diagnostics), &resp.Diagnostics); !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(resp.TargetState.Set(ctx, state.appKeyModel)...)
		}
		return state.appKeyModel
	})
}

// checkNoOthers adds an error if the state holds other keys than the current one,
// which would be left without anybody to revoke them.
func checkNoOthers(state rotatingKeyModel, dates retireDates, diags *diag.Diagnostics) {
	others := state.retiring(dates)
	if len(others) == 0 {
		return
	}
	when, sooner := "an apply", ""
	last := slices.MaxFunc(others, func(a, b retiringKey) int { return a.until.Compare(b.until) })
	if !last.until.IsZero() {
		when = "an apply after " + timeValue(last.until).ValueString()
	}
	if last.ID() == state.PreviousID.ValueString() { // older ones keep their dates
		sooner = " To revoke them sooner, set a shorter overlap and apply twice."
	}
	diags.AddError("Cannot move rotating app key",
		"The key "+state.ID.ValueString()+" was rotated, and these keys before it are still alive: "+strings.Join(key.IDs(others), ", ")+
			". A clarifai_app_key cannot revoke them. Remove the moved block and keep the clarifai_rotating_app_key for now: "+when+
			" revokes them. Move it then."+sooner)
}

// MoveState lets a moved block turn a clarifai_app_key into a
// clarifai_rotating_app_key. Rotation counts from the creation of the key.
func (r *rotatingAppKeyResource) MoveState(context.Context) []resource.StateMover {
	return moveFrom(NewAppKeyResource(), plainType, func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) appKeyModel {
		state := rotatingKeyModel{KeyIDs: types.SetNull(types.StringType)}
		if resp.Diagnostics.Append(req.SourceState.Get(ctx, &state.appKeyModel)...); !resp.Diagnostics.HasError() {
			state.complete()
			warnDated(state.appKeyModel, &resp.Diagnostics)
			resp.Diagnostics.Append(resp.TargetState.Set(ctx, state)...)
		}
		return state.appKeyModel
	})
}

// warnDated warns that a key keeps its date under rotation: a rotation comes with an
// apply, the date does not wait for one.
func warnDated(state appKeyModel, diags *diag.Diagnostics) {
	if base.TimeOf(state.ExpiresAt).IsZero() {
		return
	}
	diags.AddWarning("A rotating app key still expires",
		"The key "+state.ID.ValueString()+" expires at "+state.ExpiresAt.ValueString()+", and the move does not change that. The first plan "+
			"after that date rotates it; until then, what uses it fails. The next rotation gives it a successor that does not expire: rotate it in "+
			"time, with a change of keepers.")
}
