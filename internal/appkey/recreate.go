package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// This file follows an app that a plan deletes and creates again. The keys of the
// app die with it, so the same plan updates them: a replacement would revoke them
// before it is certain that the app can be deleted.

// noteRecreated notes in private state whether the plan recreates the key's app.
// Terraform has planned for the app by now if the key refers to it.
func (r *keyResource) noteRecreated(ctx context.Context, k clarifai.Key, resp *resource.ReadResponse) {
	noteAppRecreated.Set(ctx, resp.Private, r.Data().App(k.Ref().AppRef()).Recreated, &resp.Diagnostics)
}

// followApp plans an update in place if the plan recreates the key's app. It
// reports whether it does.
func (c *keyPlan) followApp(ctx context.Context) bool {
	if !noteAppRecreated.Get(ctx, c.req.Private, &c.resp.Diagnostics) {
		return false
	}
	c.setUnknown()
	if !c.Ready() || !c.next.UserID.Equal(c.prior.UserID) {
		return true
	}
	if owner := c.Data().App(c.prior.ref().AppRef()).NewOwner; owner != "" && owner != c.prior.UserID.ValueString() {
		c.resp.Diagnostics.AddAttributeError(path.Root("user_id"), "App key does not follow its app",
			"The plan replaces the app "+c.prior.ref().App()+" by one that belongs to "+owner+", but this key stays with "+
				c.prior.UserID.ValueString()+", where its app no longer exists then. Set user_id of the key to the user_id of the app, as in user_id = clarifai_app.NAME.user_id. "+
				"To destroy everything instead: terraform destroy -refresh=false.")
	}
	return true
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
	asked := u.next.newKey()
	if !u.inv.Record(u.next.ref()).AppCreated {
		return u.findOrCreate(ctx)
	}
	moved, err := createKey(ctx, u.inv, asked, &u.resp.Diagnostics)
	return moved, err == nil
}
