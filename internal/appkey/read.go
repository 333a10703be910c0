package appkey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// Read refreshes the state. A key that is gone is removed from the state only
// if the account itself answers for the PAT.
func (r *appKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.beginRead(ctx, &state, resp)
	if !ok {
		return
	}
	k, err := inv.Key(ctx, state.ref(), inventory.Checked)
	if isMissing(err) && hasPassed(state.ExpiresAt, inv.ServerNow()) { // Clarifai may not list a key that has expired
		r.Data().NoteKey(state.ref(), func(k *run.Key) { k.Read = true })
		noteExpired(ctx, inv, state, keyReadCall{req, resp})
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app key", "key "+state.ID.ValueString(), err)
		return
	}
	got := r.keyRead(ctx, k, state, keyReadCall{req, resp})
	noteExpired(ctx, inv, got, keyReadCall{req, resp})
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
}

// keyReadCall is one Read of a key.
type keyReadCall struct {
	req  resource.ReadRequest
	resp *resource.ReadResponse
}

// beginRead completes the owner in a state and sets the identity.
func (r *keyResource) beginRead(ctx context.Context, state *appKeyModel, resp *resource.ReadResponse) (*inventory.Inventory, bool) {
	inv, ok := r.Account(ctx, &state.UserID, &resp.Diagnostics) // null in a state that was edited by hand
	if !ok {
		return nil, false
	}
	r.Data().NoteKey(state.ref(), func(k *run.Key) { k.Held = true })
	// Terraform before 1.12 has no identity to pass on, and the framework wants
	// one from every read, even from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	return inv, true
}

// keyRead returns the new state of a key that was found, and notes what a plan has
// to know of its app.
func (r *keyResource) keyRead(ctx context.Context, k clarifai.Key, state appKeyModel, call keyReadCall) appKeyModel {
	resp := call.resp
	r.Data().NoteKey(k.Ref(), func(k *run.Key) { k.Read = true })
	noteExpiry(r.Data(), k)
	// Terraform has planned for the app by now if the key refers to it.
	noteAppRecreated.Set(ctx, resp.Private, r.Data().App(k.Ref().AppRef()).Recreated, &resp.Diagnostics)
	d := state.defaultsFor(ctx, k, call.req.Private, &resp.Diagnostics)
	if !state.Endpoints.IsEmpty() && len(k.Endpoints) > 0 { // from now on, their absence is drift
		if known := noteDefaults.Get(ctx, call.req.Private, &resp.Diagnostics); known.HidesEndpoints {
			known.HidesEndpoints = false
			noteDefaults.Set(ctx, resp.Private, known, &resp.Diagnostics)
		}
	}
	got := keyFromAPI(k, state, d)
	r.followRename(ctx, state, k, resp)
	return got
}

// followRename notes that somebody has renamed the app of a state: a key of it that the
// state holds, current or not, was found in another one. It also notes whether a resource
// has the app by now.
func (r *keyResource) followRename(ctx context.Context, state appKeyModel, found clarifai.Key, resp *resource.ReadResponse) {
	names, was := noteRenamedOutside.Get(ctx, resp.Private, &resp.Diagnostics), state.AppID.ValueString()
	got := state
	got.AppID = types.StringValue(found.AppID)
	isManaged := r.Data().App(got.ref().AppRef()).Read
	if found.AppID != was {
		if !isManaged { // else Terraform renamed the app, or the app's own refresh says so
			resp.Diagnostics.AddWarning("App renamed outside of Terraform",
				fmt.Sprintf("The app %s was renamed to %q: its key %s is there.", state.ref().App(), found.AppID, found.Fingerprint))
		}
		if !slices.Contains(strings.Split(names, "/"), was) {
			names = strings.TrimPrefix(names+"/"+was, "/")
		}
		noteRenamedOutside.Set(ctx, resp.Private, names, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	}
	noteAppManaged.Set(ctx, resp.Private, isManaged && names != "", &resp.Diagnostics)
}

// Read refreshes the current key and notes what is due. The resource is removed
// from the state only if neither its current key nor another one of it exists.
func (r *rotatingAppKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rotatingKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.beginRead(ctx, &state.appKeyModel, resp)
	if !ok {
		return
	}
	read := rotatingRead{rotatingAppKeyResource: r, inv: inv, keyReadCall: keyReadCall{req, resp}}
	read.run(ctx, state)
}

// rotatingRead is one Read of a rotating key.
type rotatingRead struct {
	*rotatingAppKeyResource
	keyReadCall
	inv *inventory.Inventory
}

func (r rotatingRead) run(ctx context.Context, state rotatingKeyModel) {
	n := readObserved(ctx, r.req.Private, &r.resp.Diagnostics)
	if r.resp.Diagnostics.HasError() {
		return
	}
	got := state
	k, err := r.inv.Key(ctx, state.ref(), inventory.Checked)
	gone := errors.Is(err, inventory.ErrGone)
	if gone {
		if k, err = r.anyAlive(ctx, state); errors.Is(err, inventory.ErrGone) {
			r.resp.State.RemoveResource(ctx)
			return
		}
	}
	if err != nil {
		advice.AddError(&r.resp.Diagnostics, "read app key", "key "+state.ID.ValueString(), err, r.keepPreviousHint(ctx, state, err))
		return
	}
	if gone {
		got.AppID = types.StringValue(k.AppID)
		got.ID = types.StringValue(got.ref().ID())
		r.followRename(ctx, state.appKeyModel, k, r.resp)
	} else {
		got.appKeyModel = r.keyRead(ctx, k, state.appKeyModel, r.keyReadCall)
	}
	got.complete()
	got.followRename(state.ref(), got.ref())
	for _, other := range got.retiring(n.dates) {
		r.Data().NoteKey(other.Ref, func(k *run.Key) { k.Read = true }) // so that no plan takes it for a forgotten key
	}
	r.noteDue(ctx, got, gone, n)
	successors := got.successors(r.inv).noted(r.inv)
	noteSuccessors.Set(ctx, r.resp.Private, successors, &r.resp.Diagnostics)
	if r.Data().Key(got.ref()).IsDestroyed() { // by a plan that did not know of this, as Terraform 1.11 makes of what the configuration lacks
		addStaying(&r.resp.Diagnostics, got.ID.ValueString(), successors)
	}
	r.resp.Diagnostics.Append(r.resp.State.Set(ctx, got)...)
}

// keepPreviousHint returns how to keep a living previous key where the advice is to remove
// the resource from the state.
func (r rotatingRead) keepPreviousHint(ctx context.Context, state rotatingKeyModel, err error) string {
	if _, lagging := errors.AsType[*inventory.LaggingError](err); !lagging {
		return ""
	}
	k, err := r.anyAlive(ctx, state)
	if err != nil {
		return ""
	}
	return "The key before it lives. If Terraform does not manage the app, do not lose it: set app_id to \"" + k.AppID + "\", and run " +
		advice.ReimportAdvice(k.ID()) + "."
}

// anyAlive returns a key that the current one has replaced and that still exists, in the
// app of the state, or in the one that this was renamed to.
func (r rotatingRead) anyAlive(ctx context.Context, state rotatingKeyModel) (k clarifai.Key, err error) {
	err = inventory.ErrGone
	for _, old := range state.retiring(nil) {
		if k, err = state.find(ctx, r.inv, old.Ref); !errors.Is(err, inventory.ErrGone) {
			if old.App() != state.ref().App() { // a move has left it there
				k.AppID = state.AppID.ValueString()
			}
			break
		}
	}
	return k, err
}

// noteDue notes what is due now. A note that asks for the same stays as it is, so
// that refreshes of a state that nobody applies do not change it.
func (r rotatingRead) noteDue(ctx context.Context, got rotatingKeyModel, gone bool, n observed) {
	note := &dueNote{At: r.inv.Now().UTC().Truncate(time.Second), Gone: gone, Pending: n.due != nil && n.due.Pending}
	now, before := workFor(got, note, n.dates), workFor(got, n.due, n.dates)
	switch {
	case now.isSame(work{}): // nothing is due
		note = nil
	case n.due != nil && now.isSame(before) && n.due.Gone == gone:
		note = n.due
	}
	noteDue.Set(ctx, r.resp.Private, note, &r.resp.Diagnostics)
}
