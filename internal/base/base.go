package base

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// ManagedResource is what each managed resource is.
type ManagedResource interface {
	resource.ResourceWithConfigure
	resource.ResourceWithIdentity
	resource.ResourceWithImportState
	resource.ResourceWithModifyPlan
}

// Resource is embedded by managed resources, which it names and configures.
type Resource struct {
	base
	Name string // without the provider's
}

// Metadata names the resource. A rename of its app, or a rotation, changes its identity.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.Name
	resp.ResourceBehavior.MutableIdentity = true
}

// Configure takes the provider's data.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.configure(req.ProviderData, &resp.Diagnostics)
}

// Ephemeral is embedded by ephemeral resources, which it names and configures.
type Ephemeral struct {
	base
	Name string // without the provider's
}

// Metadata names the ephemeral resource.
func (e *Ephemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + e.Name
}

// Configure takes the provider's data.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.configure(req.ProviderData, &resp.Diagnostics)
}

// Cleanup returns what the end of the process undoes. It needs a configured
// provider.
func (e *Ephemeral) Cleanup() *Cleanup { return e.data.cleanup }

// ListResource is embedded by list resources. It is named and configured as the resource
// that it lists.
type ListResource struct{ Resource }

// Prepare reads the configuration of a list into a model, and returns the inventory.
// It completes the account that is listed, which is a field of the model. A list block
// may have no configuration.
func (l *ListResource) Prepare(ctx context.Context, from tfsdk.Config, model any, owner *types.String) (inv *inventory.Inventory, diags diag.Diagnostics) {
	if !from.Raw.IsNull() {
		diags.Append(from.Get(ctx, model)...)
	}
	inv, _ = l.Account(ctx, owner, &diags)
	return inv, diags
}

// Action is embedded by actions, which it names and configures.
type Action struct {
	base
	Name string // without the provider's
}

// Metadata names the action.
func (a *Action) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.Name
}

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

// Account returns the inventory, and completes the owner of an object, which is the
// configured one or the provider's. Clarifai's alias for the owner of the PAT, which an
// import ID may hold, is resolved. Without success it adds an error; where diags has one
// already, it does nothing.
func (b *base) Account(ctx context.Context, owner *types.String, diags *diag.Diagnostics) (inv *inventory.Inventory, ok bool) {
	inv, ok = b.Inventory(diags)
	if !ok || diags.HasError() {
		return nil, false
	}
	user, ok := b.user(ctx, *owner, diags)
	if ok {
		*owner = types.StringValue(user)
	}
	return inv, ok
}

func (b *base) user(ctx context.Context, configured types.String, diags *diag.Diagnostics) (string, bool) {
	id := cmp.Or(configured.ValueString(), b.data.userID)
	if id != "" && !IsAlias(id) {
		return id, true
	}
	me, err := b.data.inventory.Me(ctx)
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

// Attribute returns the attribute of that name in a configuration, a plan or a state.
func Attribute[T any](ctx context.Context, from Attributes, name string, diags *diag.Diagnostics) (value T) {
	diags.Append(from.GetAttribute(ctx, path.Root(name), &value)...)
	return value
}

// Attributes are those of a configuration, a plan or a state.
type Attributes interface {
	GetAttribute(ctx context.Context, at path.Path, into any) diag.Diagnostics
}

// PlanOwner plans the owner of an object that exists, and reports whether the plan
// replaces it for another one. Without user_id in the configuration, it keeps its
// owner; an unknown user_id is an update in place, which must stay one when Terraform
// plans again at apply: a plan that has not refreshed the object must not replace it.
func (r *Resource) PlanOwner(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, hasRead bool) (replaced bool) {
	at, diags := path.Root("user_id"), &resp.Diagnostics
	owner := Attribute[types.String](ctx, req.State, "user_id", diags)
	planned := Attribute[types.String](ctx, req.Config, "user_id", diags)
	before := Attribute[types.String](ctx, req.Plan, "user_id", diags)
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
		"user_id turned out to be %q, but this belongs to %q. Nothing was changed: plan again, with a refresh, to see the "+
			"replacement.", planned.ValueString(), owner.ValueString()))
	return false
}

// NewFunction returns the provider's function of that name.
func NewFunction(name string, d function.Definition, run func(context.Context, function.RunRequest, *function.RunResponse)) function.Function {
	return namedFunction{name, d, run}
}

type namedFunction struct {
	name       string
	definition function.Definition
	run        func(context.Context, function.RunRequest, *function.RunResponse)
}

func (f namedFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f namedFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = f.definition
}

func (f namedFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	f.run(ctx, req, resp)
}
