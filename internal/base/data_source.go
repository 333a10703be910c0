package base

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Fill completes the model of a data source from its configuration, or adds an error.
type Fill[M any] func(ctx context.Context, l *Lookup, m *M, diags *diag.Diagnostics)

// NewDataSource returns the data source of that name, to which the provider's is added. Its
// configuration has to obey the rules.
func NewDataSource[M any](name string, s schema.Schema, fill Fill[M], rules ...datasource.ConfigValidator) datasource.DataSource {
	return &dataSource[M]{name: name, schema: s, fill: fill, rules: rules}
}

type dataSource[M any] struct {
	Lookup
	name   string
	schema schema.Schema
	fill   Fill[M]
	rules  []datasource.ConfigValidator
}

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource[any])(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource[any])(nil)
)

func (d *dataSource[M]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema
}

func (d *dataSource[M]) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return d.rules
}

func (d *dataSource[M]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.configure(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m M
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	if d.fill(ctx, &d.Lookup, &m, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// Lookup is what a data source asks.
type Lookup struct{ base }

// Fresh returns how fresh a listing must be. A process that has refreshed a resource is
// planning, so the listing that serves its resources is fresh enough. Any other may be
// applying, and what was listed before may lack what another process, or a provisioner,
// has created since.
func (l *Lookup) Fresh() inventory.Freshness {
	if l.Data().HasReadAny() {
		return inventory.Checked
	}
	return inventory.Now
}

// MayAsk reports whether an app may be asked for by its ID. One that looks like a key
// must be in the account's listing of apps: a request would put a key into a URL, and
// Terraform would print it. The error does not repeat it, nor the line that sets it.
func (l *Lookup) MayAsk(ctx context.Context, app clarifai.AppRef, diags *diag.Diagnostics) bool {
	if !clarifai.IsKeyLike(app.AppID) {
		return true
	}
	apps, err := l.data.inventory.Apps(ctx, app.UserID, "", inventory.Checked)
	switch {
	case err != nil:
		advice.AddError(diags, "list apps", "apps of "+app.UserID, err)
	case !slices.ContainsFunc(apps, func(a clarifai.App) bool { return a.ID == app.AppID }):
		diags.AddError("Invalid app ID",
			"The ID of the app looks like a key, and "+app.UserID+" has no app of that ID. It is not repeated here. "+
				"Set the ID of the app; if the value is a key, it is in your configuration, so rotate it.")
	default:
		return true
	}
	return false
}
