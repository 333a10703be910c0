// Package provider is the provider block and the registry of all that is served.
package provider

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/app"
	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ provider.Provider                       = (*Provider)(nil)
	_ provider.ProviderWithEphemeralResources = (*Provider)(nil)
	_ provider.ProviderWithFunctions          = (*Provider)(nil)
)

// typeName is the prefix of the types that the provider serves.
const typeName = "clarifai"

// Provider is the Clarifai provider.
type Provider struct {
	version string
	env     Environment
	tune    func(*clarifai.Config)
	data    atomic.Pointer[providerdata.Data]

	leftovers providerdata.Leftovers
}

// Option changes how the provider meets the world; tests use it.
type Option func(*Provider)

// WithEnvironment replaces the process's environment.
func WithEnvironment(env Environment) Option { return func(p *Provider) { p.env = env } }

// WithClient changes the client's configuration after the block was read.
func WithClient(tune func(*clarifai.Config)) Option { return func(p *Provider) { p.tune = tune } }

// New is the provider of that version.
func New(version string, options ...Option) *Provider {
	p := &Provider{version: version, env: OSEnvironment(), tune: func(*clarifai.Config) {}}
	for _, o := range options {
		o(p)
	}
	return p
}

// Close undoes what ephemeral resources have left open. It is for the end of
// the process, which the CLI waits two seconds for.
func (p *Provider) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 1800*time.Millisecond)
	defer cancel()
	return p.leftovers.Clear(ctx)
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Schema is the provider block.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	text := stringvalidator.LengthAtLeast(1)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages [Clarifai](https://www.clarifai.com) apps and their app-specific API keys.\n\n" +
			"Each setting is taken from the configuration, then from the environment, then from a context of the Clarifai CLI's config file `~/.config/clarifai/config`.",
		Attributes: map[string]schema.Attribute{
			"pat": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{text},
				MarkdownDescription: "Personal access token (PAT). Also `CLARIFAI_PAT`. It needs the scopes `Apps:Get`, `Apps:Add`, `Apps:Delete`, `Keys:Get`, `Keys:Add`, `Keys:Delete`, `Workflows:Get`, `Workflows:Add` and `Models:Get`. An app-specific key can not manage keys.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{text},
				MarkdownDescription: "User or organization that owns the apps. Also `CLARIFAI_USER_ID`. Default: the owner of the PAT.",
			},
			"api_base": schema.StringAttribute{
				Optional: true, Validators: []validator.String{text},
				MarkdownDescription: "Base URL of the API, without `/v2`. Also `CLARIFAI_API_BASE`. Default: `" + clarifai.DefaultBaseURL + "`. Plain `http` is accepted for loopback only.",
			},
			"context": schema.StringAttribute{
				Optional: true, Validators: []validator.String{text},
				MarkdownDescription: "Context of the Clarifai CLI's config file to take missing settings from. Default: the file's `current_context`.",
			},
			"root_certificates_path": schema.StringAttribute{
				Optional: true, Validators: []validator.String{text},
				MarkdownDescription: "PEM file of the certificate authorities to trust. Also `CLARIFAI_ROOT_CERTIFICATES_PATH`. Default: the system's.",
			},
			"requests_per_second": schema.Float64Attribute{
				Optional: true, Validators: []validator.Float64{float64validator.AtLeast(0.01)},
				MarkdownDescription: fmt.Sprintf("Rate limit for all requests of a run together. Default: `%d`, the limit that Clarifai documents.", clarifai.DefaultRequestsPerSecond),
			},
			"max_retries": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, 1000)},
				MarkdownDescription: fmt.Sprintf("Repeats of a request after failures that may pass. Waiting for throttling to end does not count. Default: `%d`.", clarifai.DefaultMaxRetries),
			},
			"request_timeout": schema.StringAttribute{
				Optional: true, Validators: []validator.String{positiveDuration{}},
				MarkdownDescription: "Time that one attempt of a request may take, such as `30s`. Default: `" + clarifai.DefaultRequestTimeout.String() + "`. A creation is not given up then, because it may still be carried out: the provider looks for its result.",
			},
		},
	}
}

// Configure makes the client. It sends nothing; values that are not known yet
// are tolerated until something needs them.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var d *providerdata.Data
	if unknown := m.unknown(); len(unknown) > 0 {
		slices.Sort(unknown)
		d = providerdata.Pending(unknown)
	} else {
		cfg := m.resolve(p.env, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		cfg.Version = p.version
		cfg.SameScopes = scope.Equivalent
		cfg.Logger = providerdata.Log{PAT: cfg.PAT}
		p.tune(&cfg)
		client, err := clarifai.New(cfg)
		if err != nil {
			resp.Diagnostics.AddError("Unusable provider configuration", "The client can not be made: "+err.Error()+".")
			return
		}
		d = providerdata.New(inventory.New(client), &p.leftovers)
	}
	p.data.Store(d)
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = d, d, d
}

// Resources are the managed resources.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{app.NewResource, appkey.NewResource}
}

// DataSources are the data sources.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{app.NewDataSource, appkey.NewDataSource, appkey.NewListDataSource}
}

// EphemeralResources are what Terraform never stores.
func (p *Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{appkey.NewEphemeral, appkey.NewTemporary}
}

// Functions are the provider's functions.
func (p *Provider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{appkey.NewIDFunction}
}

// positiveDuration accepts what time.ParseDuration reads as more than nothing.
type positiveDuration struct{}

func (positiveDuration) Description(context.Context) string {
	return `value must be a duration greater than zero, such as "30s" or "1m30s"`
}

func (v positiveDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v positiveDuration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || d <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration",
			fmt.Sprintf("%s is %q; the %s.", req.Path, req.ConfigValue.ValueString(), v.Description(ctx)))
	}
}
