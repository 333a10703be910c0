package base

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Resource is embedded by managed resources, which it configures.
type Resource struct{ base }

// Configure takes the provider's data.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.configure(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources, which it configures.
type DataSource struct{ base }

// Configure takes the provider's data.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.configure(req.ProviderData, &resp.Diagnostics)
}

// MayAsk reports whether an app may be asked for by its ID. One that looks like a key
// must be in the account's listing of apps: a request would put a key into a URL, and
// Terraform would print it. The error does not repeat it, nor the line that sets it.
func (d *DataSource) MayAsk(ctx context.Context, inv *inventory.Inventory, app clarifai.AppRef, diags *diag.Diagnostics) bool {
	if !clarifai.IsKeyLike(app.AppID) {
		return true
	}
	apps, err := inv.Apps(ctx, app.UserID, "", inventory.Checked)
	switch {
	case err != nil:
		advice.AddError(diags, "list apps", "apps of "+app.UserID, err)
	case !slices.ContainsFunc(apps, func(a clarifai.App) bool { return a.ID == app.AppID }):
		diags.AddError("Invalid app ID", "The ID of the app looks like a key, and "+app.UserID+" has no app of that ID. It is not repeated here. "+
			"Set the ID of the app; if the value is a key, it is in your configuration, so rotate it.")
	default:
		return true
	}
	return false
}

// Ephemeral is embedded by ephemeral resources, which it configures.
type Ephemeral struct{ base }

// Configure takes the provider's data.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.configure(req.ProviderData, &resp.Diagnostics)
}

// Cleanup returns what the end of the process undoes. It needs a configured
// provider.
func (e *Ephemeral) Cleanup() *Cleanup { return e.data.cleanup }

// ListResource is embedded by list resources, which it configures.
type ListResource struct{ base }

// Configure takes the provider's data.
func (l *ListResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.configure(req.ProviderData, &resp.Diagnostics)
}

// Prepare reads the configuration of a list into a model, and returns the inventory
// and the account that is listed: the one in userID, which is a field of the model,
// or the provider's. A list block may have no configuration.
func (l *ListResource) Prepare(ctx context.Context, from tfsdk.Config, model any, userID *types.String) (inv *inventory.Inventory, user string, diags diag.Diagnostics) {
	if !from.Raw.IsNull() {
		diags.Append(from.Get(ctx, model)...)
	}
	inv, ok := l.Inventory(&diags)
	if ok && !diags.HasError() {
		user, _ = l.User(ctx, inv, *userID, &diags)
	}
	return inv, user, diags
}

// Action is embedded by actions, which it configures.
type Action struct{ base }

// Configure takes the provider's data.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.configure(req.ProviderData, &resp.Diagnostics)
}

// base holds the provider's data for the type that embeds it.
type base struct {
	data *Data
}

func (b *base) configure(given any, diags *diag.Diagnostics) {
	if given == nil { // Terraform validates without configuring
		return
	}
	d, ok := given.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", given))
		return
	}
	b.data = d
}

// Data returns what Configure was given, or nil.
func (b *base) Data() *Data { return b.data }

// Ready reports whether there is an inventory to work with.
func (b *base) Ready() bool { return b.data.Inventory() != nil }

// Inventory returns the configured inventory. Without one, ok is false and an
// error that says why is added to diags.
func (b *base) Inventory(diags *diag.Diagnostics) (inv *inventory.Inventory, ok bool) {
	switch {
	case b.Ready():
		return b.data.inventory, true
	case b.data != nil:
		names := strings.Join(b.data.unknown, ", ")
		diags.AddError("The provider's configuration is not known yet",
			"Clarifai must be called now, but "+names+" of the provider block depends on something that is not applied yet. "+
				"Apply that first (terraform apply -target=…), or set "+names+" to a value that is known at plan time.")
	default:
		diags.AddError("The provider is not configured",
			"Clarifai must be called, but the provider was not configured. This is a bug in the provider; please report it.")
	}
	return nil, false
}

// User returns the account that a resource belongs to: the configured one or
// the provider's. Clarifai's alias for the owner of the PAT, which an import ID
// may hold, is resolved.
func (b *base) User(ctx context.Context, inv *inventory.Inventory, configured types.String, diags *diag.Diagnostics) (string, bool) {
	id := cmp.Or(configured.ValueString(), b.data.userID)
	if id != "" && !IsAlias(id) {
		return id, true
	}
	me, err := inv.Me(ctx)
	if err != nil && id == "" {
		err = fmt.Errorf("cannot find out whose PAT this is (set user_id to skip the question): %w", err)
	}
	if err != nil {
		advice.AddError(diags, "find the owner of the PAT", "account of the PAT", err)
		return "", false
	}
	return me.ID, true
}

// CheckNewOwner adds an error for a user_id whose account does not answer for
// the PAT. Without this check the problem would show only at apply, after what a
// new owner replaces was deleted.
func (b *base) CheckNewOwner(ctx context.Context, to types.String, diags *diag.Diagnostics) {
	if to.IsNull() || to.IsUnknown() || !b.Ready() {
		return
	}
	if err := b.data.inventory.VerifyAccount(ctx, to.ValueString()); err != nil {
		diags.AddAttributeError(path.Root("user_id"), "Invalid user_id", advice.Detail("check user_id", err,
			"user_id = "+to.String()+" moves this resource to that account. Restore the old value, or give the provider a PAT that may act for "+
				"the new account."))
	}
}

// PlanOwner plans the owner of an object that exists, and reports whether the plan
// replaces it for another one. Without user_id in the configuration, it keeps its
// owner; an unknown user_id is an update in place, which must stay one when Terraform
// plans again at apply: a plan that has not refreshed the object must not replace it.
func (r *Resource) PlanOwner(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, hasRead bool) (replaced bool) {
	at := path.Root("user_id")
	var owner, planned, before types.String
	diags := &resp.Diagnostics
	diags.Append(req.State.GetAttribute(ctx, at, &owner)...)
	diags.Append(req.Config.GetAttribute(ctx, at, &planned)...)
	diags.Append(req.Plan.GetAttribute(ctx, at, &before)...)
	if planned.IsNull() {
		planned = owner
	}
	if !planned.Equal(before) {
		diags.Append(resp.Plan.SetAttribute(ctx, at, planned)...)
	}
	switch {
	case planned.IsUnknown(), planned.Equal(owner):
		return false
	case hasRead:
		r.CheckNewOwner(ctx, planned, diags)
		resp.RequiresReplace = append(resp.RequiresReplace, at)
		return true
	}
	diags.AddAttributeError(at, "The owner differs", fmt.Sprintf(
		"user_id turned out to be %q, but this belongs to %q. Nothing was changed: plan again, with a refresh, to see the replacement.", planned.ValueString(), owner.ValueString()))
	return false
}
