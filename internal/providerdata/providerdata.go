// Package providerdata is what Configure hands to every noun: the inventory,
// bases to embed, shared validators and diagnostics.
package providerdata

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Data is what the provider's Configure hands to every noun.
type Data struct {
	inventory *inventory.Inventory
	leftovers *Leftovers
	unknown   []string // provider attributes that are not known yet
	read      sync.Map // the ids that were refreshed
}

// New returns the data of a configured provider. What its ephemeral resources
// leave open is in l.
func New(inv *inventory.Inventory, l *Leftovers) *Data {
	return &Data{inventory: inv, leftovers: l}
}

// Pending returns data that cannot be used yet: the named attributes of the
// provider block are unknown until something else is applied.
func Pending(attributes []string) *Data { return &Data{unknown: attributes} }

// Inventory returns the configured inventory, or nil.
func (d *Data) Inventory() *inventory.Inventory {
	if d == nil {
		return nil
	}
	return d.inventory
}

// NoteRead notes that a resource was refreshed.
func (d *Data) NoteRead(id string) { d.read.Store(id, struct{}{}) }

// HasRead tells whether a resource was refreshed. Where it was, Terraform plans.
// Where it was not, Terraform may be applying: it plans each change once more
// then, and what was planned as an update has to stay one, whatever has
// happened since.
func (d *Data) HasRead(id string) bool {
	_, ok := d.read.Load(id)
	return ok
}

// base gives the inventory to whatever embeds it.
type base struct {
	data *Data
}

func (b *base) configure(given any, diags *diag.Diagnostics) {
	if given == nil { // Terraform validates without configuring
		return
	}
	d, ok := given.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a mistake in the provider; please report it.", given))
		return
	}
	b.data = d
}

// Data is what Configure was given, or nil.
func (b *base) Data() *Data { return b.data }

// Ready reports whether there is an inventory to work with.
func (b *base) Ready() bool { return b.data.Inventory() != nil }

// Inventory returns the configured inventory; without one, ok is false and
// diags say why.
func (b *base) Inventory(diags *diag.Diagnostics) (inv *inventory.Inventory, ok bool) {
	switch {
	case b.Ready():
		return b.data.inventory, true
	case b.data != nil:
		names := strings.Join(b.data.unknown, ", ")
		diags.AddError("The provider's configuration is not known yet",
			"Clarifai has to be asked now, but "+names+" of the provider block depends on something that is not applied yet. "+
				"Apply that first (terraform apply -target=…), or set "+names+" to a value that is known at plan.")
	default:
		diags.AddError("The provider is not configured",
			"Clarifai has to be asked, but the provider was not configured. This is a mistake in the provider; please report it.")
	}
	return nil, false
}

// User is the account that a resource belongs to: what it says itself, or the
// provider's. In an import id it may be said by Clarifai's alias.
func (b *base) User(ctx context.Context, inv *inventory.Inventory, configured types.String, diags *diag.Diagnostics) (string, bool) {
	id, err := configured.ValueString(), error(nil)
	switch id {
	case "":
		id, err = inv.UserID(ctx)
	case aliasMe:
		var me clarifai.User
		me, err = inv.Me(ctx)
		id = me.ID
	}
	if err != nil {
		AddError(diags, "finding the owner of", "the PAT", err)
		return "", false
	}
	return id, true
}

// NewOwner refuses a change of user_id to an account that does not answer for
// the PAT: it means another thing in place of this one, and that would be found
// out only once this one was deleted.
func (b *base) NewOwner(ctx context.Context, to types.String, diags *diag.Diagnostics) {
	if to.IsNull() || to.IsUnknown() || !b.Ready() {
		return
	}
	if err := b.data.inventory.VerifyAccount(ctx, to.ValueString()); err != nil {
		diags.AddAttributeError(path.Root("user_id"), "Unusable user_id", text(err, "user_id = "+to.String()+" asks for a replacement that belongs to that account. "+
			"Put the old one back, or give the provider a PAT that may act for the new one."))
	}
}

// Resource is embedded by managed resources.
type Resource struct{ base }

// Configure takes the provider's data.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.configure(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources.
type DataSource struct{ base }

// Configure takes the provider's data.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.configure(req.ProviderData, &resp.Diagnostics)
}

// Ephemeral is embedded by ephemeral resources.
type Ephemeral struct{ base }

// Leftovers take what the end of the process has to undo if nobody did before.
func (e *Ephemeral) Leftovers() *Leftovers { return e.data.leftovers }

// Configure takes the provider's data.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.configure(req.ProviderData, &resp.Diagnostics)
}
