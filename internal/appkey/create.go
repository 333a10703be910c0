package appkey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// Create creates the key, exactly once.
func (r *appKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan appKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if got, ok := r.create(ctx, plan, resp); ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	}
}

// create creates the key that a plan describes, with its identity and private state,
// and returns its state.
func (r *keyResource) create(ctx context.Context, plan appKeyModel, resp *resource.CreateResponse) (got appKeyModel, ok bool) {
	inv, ok := r.Account(ctx, &plan.UserID, &resp.Diagnostics)
	if !ok {
		return got, false
	}
	created, err := createKey(ctx, inv, plan.newKey(), &resp.Diagnostics)
	if err != nil {
		return got, false
	}
	r.Data().NoteKeyCreated(created.Ref().AppRef())
	got = plan.stateOfNew(ctx, created.Key, resp.Private, &resp.Diagnostics)
	if m, differs := descriptionMismatch(plan, got); differs {
		m.AddWarning(&resp.Diagnostics)
		got.Description = plan.Description
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	clearNotes(ctx, resp.Private, &resp.Diagnostics)
	return got, true
}

// createKey creates a key exactly once. It adds to diags what went wrong.
func createKey(ctx context.Context, inv *inventory.Inventory, asked inventory.NewKey, diags *diag.Diagnostics) (inventory.CreatedKey, error) {
	created, err := postKey(ctx, inv, asked, diags)
	if err == nil {
		addCreated(asked, created, diags)
	}
	return created, err
}

// postKey is createKey that says nothing of what is doubtful about the new key.
func postKey(ctx context.Context, inv *inventory.Inventory, asked inventory.NewKey, diags *diag.Diagnostics) (inventory.CreatedKey, error) {
	created, err := inv.CreateKey(ctx, asked)
	if err != nil {
		app := clarifai.AppRef{UserID: asked.UserID, AppID: asked.AppID}
		advice.App{AppRef: app, Attribute: "app_id"}.AddError(diags, "create app key", err, dateHint(asked, err))
		return inventory.CreatedKey{}, err
	}
	return created, nil
}

// dateHint returns what to do if Clarifai refuses a key because of its date.
func dateHint(asked inventory.NewKey, err error) string {
	if asked.ExpiresAt.IsZero() || !clarifai.IsInvalid(err) {
		return ""
	}
	return "If this concerns expires_at: remove it. Clarifai does not document that app keys can expire."
}

// addCreated adds to diags what is wrong with a key that was created, and which
// other keys its create may have left. The key in a heading keeps a CLI from folding it
// with those of other keys: nothing mentions them again.
func addCreated(asked inventory.NewKey, got inventory.CreatedKey, diags *diag.Diagnostics) {
	surplus := strings.Join(got.Surplus, ", ")
	switch {
	case surplus == "":
	case !got.Created:
		diags.AddWarning("A duplicate app key may exist beside "+got.ID(),
			"The app "+got.UserID+"/"+got.AppID+" showed the key "+got.ID()+" only after another one had been created in its place, which "+
				"could not be revoked again: fingerprint "+
				surplus+". Nothing uses that one; delete it in Clarifai.")
	default:
		diags.AddWarning("A duplicate app key may exist beside "+got.ID(),
			"Answers from Clarifai were lost while the key "+got.ID()+" was created, and the app "+asked.UserID+"/"+asked.AppID+
				" has identical keys that were not there before: fingerprints "+surplus+". Nothing in this state uses them; delete them in "+
				"Clarifai unless someone else created them.")
	}
	if n := got.MayAppear; n > 0 {
		heading := "A duplicate app key may appear beside "
		if n > 1 {
			heading = fmt.Sprint(n, " duplicate app keys may appear beside ")
		}
		diags.AddWarning(heading+got.ID(),
			"Answers from Clarifai were lost while the key "+got.ID()+" was created, and nothing was found that the lost requests had created: "+
				"they may still be carried out. If the app "+asked.UserID+"/"+asked.AppID+" has other keys with the same description, scopes and "+
				"endpoints in a few minutes, nothing uses them: delete them in Clarifai.")
	}
	if got.Created {
		key.AddLimitErrors(asked, got.Key, diags)
	}
}

// recreate creates the key again in its app, which this run has recreated.
func (u *keyUpdate) recreate(ctx context.Context) {
	if moved, ok := u.createInNewApp(ctx); ok {
		u.setMoved(ctx, moved)
	}
}

// createInNewApp returns a new key in the app that this run has recreated. If the app
// was not deleted after all, and the key is still there, it stays.
func (u *keyUpdate) createInNewApp(ctx context.Context) (moved inventory.CreatedKey, ok bool) {
	if !u.inv.Record(u.next.ref()).AppCreated {
		return u.findOrCreate(ctx)
	}
	moved, err := createKey(ctx, u.inv, u.next.newKey(), &u.resp.Diagnostics)
	return moved, err == nil
}

// Create creates the first key, exactly once.
func (r *rotatingAppKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	key, ok := r.create(ctx, plan.appKeyModel, resp)
	r.warnClock(&resp.Diagnostics)
	if !ok {
		return
	}
	got := plan
	got.appKeyModel = key
	got.startUse(r.now())
	got.dropPrevious()
	got.setKeys(got.ID.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
}
