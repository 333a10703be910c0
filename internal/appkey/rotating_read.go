package appkey

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

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
		advice.AddError(&r.resp.Diagnostics, "read app key", "key "+state.ID.ValueString(), err)
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
	noteSuccessors.Set(ctx, r.resp.Private, got.successors(r.inv).noted(r.inv), &r.resp.Diagnostics)
	r.resp.Diagnostics.Append(r.resp.State.Set(ctx, got)...)
}

// anyAlive returns a key that the current one has replaced and that still exists, in the
// app of the state, or in the one that this was renamed to.
func (r rotatingRead) anyAlive(ctx context.Context, state rotatingKeyModel) (k clarifai.Key, err error) {
	err = inventory.ErrGone
	for _, old := range state.retiring(nil) {
		if k, err = r.inv.Key(ctx, old.Ref, inventory.Checked); !errors.Is(err, inventory.ErrGone) {
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
	case now.isNothing():
		note = nil
	case n.due != nil && now.isSame(before) && n.due.Gone == gone:
		note = n.due
	}
	noteDue.Set(ctx, r.resp.Private, note, &r.resp.Diagnostics)
}
