package appkey

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// keyUpdate is one Update of a key.
type keyUpdate struct {
	inv         *inventory.Inventory
	plan, state appKeyModel
	private     providerdata.PrivateReader
	resp        *resource.UpdateResponse
}

// patch changes the description, and fills or clears the stored secret.
func (u *keyUpdate) patch(ctx context.Context) {
	got := u.plan
	newDescription := u.plan.Description.ValueString() != u.state.Description.ValueString()
	if newDescription || u.plan.StoreKey.ValueBool() && u.state.Key.IsNull() {
		k, err := u.inv.FindKey(ctx, u.state.UserID.ValueString(), u.state.AppID.ValueString(), u.state.Fingerprint.ValueString())
		if err == nil && newDescription {
			k, err = u.patchDescription(ctx, k)
		}
		if err != nil {
			providerdata.AddError(&u.resp.Diagnostics, "update app key", "key "+u.state.ID.ValueString(), err)
			return
		}
		got = u.keepPlanned(keyFromAPI(k, u.plan, u.defaults(ctx, k)))
		u.checkDescription(got)
	}
	got.UserID, got.AppID, got.ID, got.Fingerprint, got.CreatedAt = u.state.UserID, u.state.AppID, u.state.ID, u.state.Fingerprint, u.state.CreatedAt
	u.finish(ctx, got)
}

func (u *keyUpdate) patchDescription(ctx context.Context, k clarifai.Key) (clarifai.Key, error) {
	if u.defaults(ctx, k).HidesEndpoints {
		k.Endpoints = u.state.Endpoints.Strings() // a PATCH that overwrites the whole key must not lose them
	}
	k.Description = u.plan.Description.ValueString()
	return u.inv.PatchKey(ctx, k)
}

func (u *keyUpdate) defaults(ctx context.Context, k clarifai.Key) serverDefaults {
	d, diags := defaultsFor(ctx, u.private, u.state, k)
	u.resp.Diagnostics.Append(diags...)
	return d
}

// move follows an app to its new ID. A rename takes the keys along; otherwise
// the key is created in the new app, and only then revoked in the old one.
func (u *keyUpdate) move(ctx context.Context) {
	k, created, ok := u.findOrCreate(ctx)
	if !ok {
		return
	}
	var got appKeyModel
	if created {
		d := newDefaults(u.plan, k)
		d.storeNew(ctx, u.resp.Private, &u.resp.Diagnostics)
		got = keyFromAPI(k, u.plan, d)
	} else {
		got = u.keepPlanned(keyFromAPI(k, u.plan, u.defaults(ctx, k)))
	}
	u.finish(ctx, got)
	u.checkDescription(got)
	if !created {
		return
	}
	// Even in a run that is being cancelled: the state no longer holds the old key.
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	if err := revokeManaged(detached, u.inv, u.state); err != nil {
		providerdata.AddError(&u.resp.Diagnostics, "delete old app key", "key "+u.state.ID.ValueString(), err,
			"The state no longer holds this key: delete it in Clarifai.")
	}
}

// findOrCreate returns the key in its new app: the one that a rename took
// along, or a new one. Without success it adds an error.
func (u *keyUpdate) findOrCreate(ctx context.Context) (k clarifai.Key, created, ok bool) {
	target := keyRef{UserID: u.state.UserID.ValueString(), AppID: u.plan.AppID.ValueString(), Fingerprint: u.state.Fingerprint.ValueString()}
	k, err := u.inv.FindKeyDirect(ctx, target.UserID, target.AppID, target.Fingerprint)
	if newID, renamed := clarifai.IsMoved(err); renamed {
		u.resp.Diagnostics.AddAttributeError(path.Root("app_id"), "Cannot move app key",
			"The app "+target.app()+" was renamed to \""+newID+"\" outside of Terraform, and its keys moved with it. Set app_id to \""+newID+"\", or rename the app back.")
		return k, false, false
	}
	if errors.Is(err, inventory.ErrGone) {
		asked := u.plan.newKey(target.UserID)
		asked.Unless = target.Fingerprint
		var answer inventory.CreatedKey
		if answer, err = createKey(ctx, u.inv, asked, &u.resp.Diagnostics); err != nil {
			return k, false, false
		}
		k, created = answer.Key, !answer.Stayed
	}
	if err == nil && !created && u.plan.Description.ValueString() != k.Description {
		k, err = u.patchDescription(ctx, k)
	}
	if err != nil {
		providerdata.AddError(&u.resp.Diagnostics, "move app key", "key "+u.state.ID.ValueString()+" to app "+target.app(), err)
	}
	return k, created, err == nil
}

// keepPlanned keeps what was planned of what an update does not touch, and
// warns if it has been changed outside of Terraform since.
func (u *keyUpdate) keepPlanned(got appKeyModel) appKeyModel {
	same := got.Scopes.Equal(u.plan.Scopes) || scope.Equivalent(u.plan.Scopes.Strings(), got.Scopes.Strings())
	if !same || !got.Endpoints.Equal(u.plan.Endpoints) || !u.plan.ExpiresAt.IsUnknown() && !got.ExpiresAt.Equal(u.plan.ExpiresAt) {
		u.resp.Diagnostics.AddWarning("App key changed outside of Terraform", "The scopes, endpoints or expiry of the key "+got.ID.ValueString()+
			" have changed since the plan was created. The next plan shows it.")
	}
	got.Scopes, got.Endpoints = u.plan.Scopes, u.plan.Endpoints
	if !u.plan.ExpiresAt.IsUnknown() {
		got.ExpiresAt = u.plan.ExpiresAt
	}
	return got
}

func (u *keyUpdate) checkDescription(got appKeyModel) {
	if m, differs := descriptionMismatch(u.plan, got); differs {
		m.AddError(&u.resp.Diagnostics)
	}
}

// descriptionMismatch returns how Clarifai did not store the description as
// asked; null and empty are the same to it.
func descriptionMismatch(plan, got appKeyModel) (m providerdata.Mismatch, differs bool) {
	m = providerdata.Mismatch{Object: "key", Attribute: "description", Want: plan.Description, Got: got.Description}
	return m, plan.Description.ValueString() != got.Description.ValueString()
}

// finish writes the state of an update. From now on a change of keepers rotates
// the key, and its app's old name no longer matters.
func (u *keyUpdate) finish(ctx context.Context, got appKeyModel) {
	if !got.StoreKey.ValueBool() {
		got.Key = types.StringNull()
	}
	u.resp.Diagnostics.Append(u.resp.State.Set(ctx, got)...)
	u.resp.Diagnostics.Append(u.resp.Identity.Set(ctx, got.identity())...)
	u.resp.Diagnostics.Append(u.resp.Private.SetKey(ctx, privateImported, nil)...)
	u.resp.Diagnostics.Append(u.resp.Private.SetKey(ctx, privateRenamedOutside, nil)...)
}
