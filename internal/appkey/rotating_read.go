package appkey

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
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
		var alive bool
		if alive, err = r.isAnyAlive(ctx, state.retiring(n.dates)); err == nil && !alive {
			r.resp.State.RemoveResource(ctx)
			return
		}
	}
	if err != nil {
		advice.AddError(&r.resp.Diagnostics, "read app key", "key "+state.ID.ValueString(), err)
		return
	}
	if gone {
		got.complete()
	} else {
		got.appKeyModel = r.keyRead(ctx, k, state.appKeyModel, r.keyReadCall)
		got.complete()
		got.followRename(state.ref(), got.ref())
	}
	for _, other := range got.retiring(n.dates) {
		r.Data().NoteKey(other.Ref, func(k *run.Key) { k.Read = true }) // so that no plan takes it for a forgotten key
	}
	r.noteDue(ctx, got, gone, n)
	noteSuccessors.Set(ctx, r.resp.Private, got.successors(r.inv).noted(r.inv), &r.resp.Diagnostics)
	r.resp.Diagnostics.Append(r.resp.State.Set(ctx, got)...)
}

// isAnyAlive reports whether one of the keys exists.
func (r rotatingRead) isAnyAlive(ctx context.Context, keys []retiringKey) (bool, error) {
	for _, k := range keys {
		_, err := r.inv.Key(ctx, k.Ref, inventory.Checked)
		if !errors.Is(err, inventory.ErrGone) {
			return err == nil, err
		}
	}
	return false, nil
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
