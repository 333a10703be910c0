// Package session is what every noun of the provider shares: the configured
// client, and the words for what goes wrong with it.
package session

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
)

// Session is what the provider's Configure hands to every noun.
type Session struct {
	client    *clarifai.Client
	leftovers *Leftovers
	unknown   []string // provider attributes that are not known yet
	read      sync.Map // the ids that were refreshed
}

// New is a session with a client. What the session's ephemeral resources leave
// open is in l.
func New(c *clarifai.Client, l *Leftovers) *Session { return &Session{client: c, leftovers: l} }

// Pending is a session that can not be used yet, because these attributes of
// the provider block are not known before something else is applied.
func Pending(attributes []string) *Session { return &Session{unknown: attributes} }

// Client is the configured client, or nil.
func (s *Session) Client() *clarifai.Client {
	if s == nil {
		return nil
	}
	return s.client
}

// NoteRead notes that a resource was refreshed.
func (s *Session) NoteRead(id string) { s.read.Store(id, struct{}{}) }

// HasRead tells whether a resource was refreshed. Where it was, Terraform plans.
// Where it was not, Terraform may be applying: it plans each change once more
// then, and what was planned as an update has to stay one, whatever has
// happened since.
func (s *Session) HasRead(id string) bool {
	_, ok := s.read.Load(id)
	return ok
}

// base gives the client to whatever embeds it.
type base struct {
	session *Session
}

func (b *base) configure(data any, diags *diag.Diagnostics) {
	if data == nil { // Terraform validates without configuring
		return
	}
	s, ok := data.(*Session)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a mistake in the provider; please report it.", data))
		return
	}
	b.session = s
}

// Session is what Configure was given, or nil.
func (b *base) Session() *Session { return b.session }

// Ready tells whether there is a client to work with.
func (b *base) Ready() bool { return b.session != nil && b.session.client != nil }

// Client is the configured client; without one, ok is false and diags say why.
func (b *base) Client(diags *diag.Diagnostics) (c *clarifai.Client, ok bool) {
	switch {
	case b.Ready():
		return b.session.client, true
	case b.session != nil:
		names := strings.Join(b.session.unknown, ", ")
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
func (b *base) User(ctx context.Context, c *clarifai.Client, configured types.String, diags *diag.Diagnostics) (string, bool) {
	id, err := configured.ValueString(), error(nil)
	switch id {
	case "":
		id, err = c.UserID(ctx)
	case aliasMe:
		var me clarifai.User
		me, err = c.Me(ctx)
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
	if err := b.session.client.Trust(ctx, to.ValueString()); err != nil {
		diags.AddAttributeError(path.Root("user_id"), "Unusable user_id", text(err, "user_id = "+to.String()+" asks for a replacement that belongs to that account. "+
			"Put the old one back, or give the provider a PAT that may act for the new one."))
	}
}

// Resource is embedded by managed resources.
type Resource struct{ base }

// Configure takes the session.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.configure(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources.
type DataSource struct{ base }

// Configure takes the session.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.configure(req.ProviderData, &resp.Diagnostics)
}

// Ephemeral is embedded by ephemeral resources.
type Ephemeral struct{ base }

// Leftovers take what the end of the process has to undo if nobody did before.
func (e *Ephemeral) Leftovers() *Leftovers { return e.session.leftovers }

// Configure takes the session.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.configure(req.ProviderData, &resp.Diagnostics)
}
