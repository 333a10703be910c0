package appkey

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// Update patches the description, moves the key to another app, and fills or
// clears the stored secret.
func (r *appKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var next, prior appKeyModel
	u := keyUpdate{next: &next, prior: &prior, private: req.Private, resp: resp}
	u.write = func(ctx context.Context, got appKeyModel) { resp.Diagnostics.Append(resp.State.Set(ctx, got)...) }
	resp.Diagnostics.Append(req.Plan.Get(ctx, &next)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	u.run(ctx, &r.keyResource, &u)
}

// keyUpdate is one Update of a key.
type keyUpdate struct {
	inv         *inventory.Inventory
	next, prior *appKeyModel
	private     base.PrivateReader
	resp        *resource.UpdateResponse
	// write writes the key to the state.
	write func(context.Context, appKeyModel)
	// expired says that the key's date has passed, so that no other app gets one like it.
	expired bool
	// marked says that the description may carry a successor's mark, which stays, and
	// unmarked that it is removed. Adopts reports whether a key with such a mark takes
	// the place of this one.
	marked, unmarked bool
	adopts           func(clarifai.Key) bool
	// held are the keys of a rotating key's state.
	held []key.Ref
}

// updater is what plain and rotating keys do not have in common.
type updater interface {
	move(ctx context.Context)
	recreate(ctx context.Context)
	change(ctx context.Context)
}

// run does what the plan asks for.
func (u *keyUpdate) run(ctx context.Context, r *keyResource, do updater) {
	var ok bool
	if u.inv, ok = r.Inventory(&u.resp.Diagnostics); !ok {
		return
	}
	recreated := noteAppRecreated.Get(ctx, u.private, &u.resp.Diagnostics)
	switch {
	case u.resp.Diagnostics.HasError():
	case !u.next.AppID.Equal(u.prior.AppID), !u.next.UserID.Equal(u.prior.UserID), u.redates():
		do.move(ctx)
	case recreated && !u.hasExpired():
		do.recreate(ctx)
	default:
		do.change(ctx)
	}
}

// change changes the description, and fills or clears the stored secret.
func (u *keyUpdate) change(ctx context.Context) {
	got := *u.next
	newDescription := u.next.Description.ValueString() != u.prior.Description.ValueString()
	if newDescription || u.unmarked || u.next.StoreKey.ValueBool() && u.prior.Key.IsNull() {
		k, err := u.inv.Key(ctx, u.prior.ref(), inventory.Checked)
		if isMissing(err) && u.hasExpired() { // there is nothing to change
			u.finish(ctx, u.fillUnknowns(got))
			return
		}
		if err == nil && (newDescription || u.unmarked && u.describe(k) != k.Description) {
			k, err = u.patchDescription(ctx, k)
		}
		if err != nil {
			advice.AddError(&u.resp.Diagnostics, "update app key", "key "+u.prior.ID.ValueString(), err)
			return
		}
		got = u.keepPlanned(ctx, k)
		u.checkDescription(got)
	}
	u.finish(ctx, u.fillUnknowns(got))
}

// fillUnknowns returns what an update does not touch as the state has it: the
// plan may have left it unknown because it could not know that the key stays.
func (u *keyUpdate) fillUnknowns(got appKeyModel) appKeyModel {
	got.UserID, got.AppID, got.ID, got.Fingerprint = u.prior.UserID, u.prior.AppID, u.prior.ID, u.prior.Fingerprint
	if got.CreatedAt = u.prior.CreatedAt; !u.next.CreatedAt.IsUnknown() {
		got.CreatedAt = u.next.CreatedAt
	}
	if got.ExpiresAt.IsUnknown() {
		got.ExpiresAt = u.prior.ExpiresAt
	}
	if got.Key.IsUnknown() {
		got.Key = u.prior.Key
	}
	return got
}

func (u *keyUpdate) patchDescription(ctx context.Context, k clarifai.Key) (clarifai.Key, error) {
	if u.defaults(ctx, k).HidesEndpoints {
		k.Endpoints = u.prior.Endpoints.Strings() // a PATCH that overwrites the whole key must not lose them
	}
	k.Description = u.describe(k)
	return u.inv.PatchKey(ctx, k)
}

// describe returns the description that a key gets.
func (u *keyUpdate) describe(k clarifai.Key) string {
	text := u.next.Description.ValueString()
	if _, fingerprint := key.CutSuccessorMark(k.Description); u.marked && !u.unmarked && fingerprint != "" {
		return key.MarkSuccessor(text, fingerprint)
	}
	return text
}

func (u *keyUpdate) defaults(ctx context.Context, k clarifai.Key) serverDefaults {
	return u.prior.defaultsFor(ctx, k, u.private, &u.resp.Diagnostics)
}

// move takes the key to its new app. A rename takes it along; otherwise it is
// created there, and only then revoked in the old app. A key that is to have another
// date is created again, too, be it in the same app.
func (u *keyUpdate) move(ctx context.Context) {
	moved, ok := u.findOrCreate(ctx)
	if !ok {
		return
	}
	got, ok := u.setMoved(ctx, moved)
	if !ok || !moved.Created && !u.expired {
		return
	}
	// Even in a run that is being canceled: the state no longer holds the old key.
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	old := u.prior.ID.ValueString()
	err := revoke(detached, u.inv, u.prior.ref(), u.prior.Key)
	_, lagging := errors.AsType[*inventory.LaggingError](err)
	if u.expired && lagging {
		return
	}
	if lagging && !u.redates() { // after CreateKey has looked for it, too
		u.warnReplaced(got, ". The old one is in neither app: if it appears in Clarifai later, delete it")
		return
	}
	if err != nil {
		advice.AddError(&u.resp.Diagnostics, "delete old app key", "key "+old, err,
			"It was replaced by "+got.ID.ValueString()+", and the state no longer holds it: delete it in Clarifai once nothing uses it.")
		return
	}
	if !u.expired && !u.redates() { // else the plan has said so
		u.warnReplaced(got, ", and the old one was revoked")
	}
}

// warnReplaced warns that a key was created in another app, and says what became of the old one.
func (u *keyUpdate) warnReplaced(got appKeyModel, became string) {
	u.resp.Diagnostics.AddWarning("App key was replaced in another app: "+got.ID.ValueString(),
		"The app "+got.ref().App()+" did not hold the key "+u.prior.ID.ValueString()+", so the key "+got.ID.ValueString()+
			" was created there"+became+". Give the new value to everything that uses the old one.")
}

// findOrCreate returns the key in its new app: the one that a rename took
// along, or a new one. Without success it adds an error.
func (u *keyUpdate) findOrCreate(ctx context.Context) (moved inventory.CreatedKey, ok bool) {
	asked := u.next.newKey()
	action, object := "change the date of app key", "key "+u.prior.ID.ValueString()
	if !u.redates() {
		asked.Unless, asked.Adopts = u.prior.Fingerprint.ValueString(), u.adopts
		if u.marked {
			asked.Description = key.MarkSuccessor(asked.Description, asked.Unless)
		}
		action, object = "move app key", object+" to app "+asked.UserID+"/"+asked.AppID
	}
	moved, err := u.inv.CreateKey(ctx, asked)
	if _, past := errors.AsType[*inventory.PastDateError](err); past && u.hasExpired() {
		moved.Key, err = u.asExpired(asked), nil
	}
	const untouched = "The old key is untouched."
	switch {
	case errors.Is(err, inventory.ErrGone):
		app := clarifai.AppRef{UserID: asked.UserID, AppID: asked.AppID}
		advice.App{AppRef: app, Attribute: "app_id"}.AddError(&u.resp.Diagnostics, action, err, untouched)
		return moved, false
	case err != nil:
		advice.AddError(&u.resp.Diagnostics, action, object, err, dateHint(asked, err), untouched)
		return moved, false
	}
	addCreated(asked, moved, &u.resp.Diagnostics)
	moved.Alike = slices.DeleteFunc(moved.Alike, func(fingerprint string) bool {
		return slices.ContainsFunc(u.held, func(k key.Ref) bool { return k.Fingerprint == fingerprint })
	})
	if len(moved.Alike) > 0 {
		u.resp.Diagnostics.AddWarning("The app already has such a key: "+asked.UserID+"/"+asked.AppID+"/"+strings.Join(moved.Alike, ", "),
			"The app "+asked.UserID+"/"+asked.AppID+" already had keys with the same description, scopes and endpoints when the key "+
				moved.ID()+" was created there: fingerprints "+strings.Join(moved.Alike, ", ")+". If no other resource or state has them, a run "+
				"that was killed may have left them: delete them in Clarifai.")
	}
	return moved, true
}

// setMoved writes the state of a key that was moved or created, patched if it was
// to change as well.
func (u *keyUpdate) setMoved(ctx context.Context, moved inventory.CreatedKey) (got appKeyModel, ok bool) {
	k := moved.Key
	if moved.Created {
		if u.marked {
			k.Description, _ = key.CutSuccessorMark(k.Description)
		}
		got = u.next.stateOfNew(ctx, k, u.resp.Private, &u.resp.Diagnostics)
	} else {
		var err error
		if u.describe(k) != k.Description {
			if k, err = u.patchDescription(ctx, k); err != nil {
				advice.AddError(&u.resp.Diagnostics, "update app key", "key "+moved.ID(), err)
				k = moved.Key
			}
		}
		got = u.keepPlanned(ctx, k)
		if err != nil {
			u.finish(ctx, got)
			return got, false
		}
	}
	u.checkDescription(got)
	u.finish(ctx, got)
	return got, true
}

// keepPlanned maps a key that was there before this update, keeps what was planned of
// what an update does not touch, and warns if it has been changed outside of Terraform
// since the refresh.
func (u *keyUpdate) keepPlanned(ctx context.Context, k clarifai.Key) appKeyModel {
	d := u.defaults(ctx, k)
	got, before := keyFromAPI(k, *u.next, d), keyFromAPI(k, *u.prior, d)
	same := before.Scopes.Equal(u.prior.Scopes) || scope.Equivalent(u.prior.Scopes.Strings(), before.Scopes.Strings())
	if !same || !before.Endpoints.Equal(u.prior.Endpoints) || !before.ExpiresAt.Equal(u.prior.ExpiresAt) {
		u.resp.Diagnostics.AddWarning("App key changed outside of Terraform", "The scopes, endpoints or expiry of the key "+got.ID.ValueString()+
			" have changed since the plan was created. The next plan shows it.")
	}
	got.Scopes, got.Endpoints = u.next.Scopes, u.next.Endpoints
	if !u.next.ExpiresAt.IsUnknown() {
		got.ExpiresAt = u.next.ExpiresAt
	}
	return got
}

func (u *keyUpdate) checkDescription(got appKeyModel) {
	if m, differs := descriptionMismatch(*u.next, got); differs {
		m.AddError(&u.resp.Diagnostics)
	}
}

// descriptionMismatch returns how Clarifai did not store the description as
// asked; null and empty are the same to it.
func descriptionMismatch(plan, got appKeyModel) (m advice.Mismatch, differs bool) {
	m = advice.Mismatch{Object: "key", Attribute: "description", Want: plan.Description, Got: got.Description}
	return m, plan.Description.ValueString() != got.Description.ValueString()
}

// finish writes the state of an update. From now on a change of keepers rotates
// the key, and its app's old name no longer matters.
func (u *keyUpdate) finish(ctx context.Context, got appKeyModel) {
	if !got.StoreKey.ValueBool() {
		got.Key = types.StringNull()
	}
	u.write(ctx, got)
	u.resp.Diagnostics.Append(u.resp.Identity.Set(ctx, got.identity())...)
	clearNotes(ctx, u.resp.Private, &u.resp.Diagnostics)
}
