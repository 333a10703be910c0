// Package provider is the provider block and the registry of everything that the
// provider serves.
package provider

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/app"
	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/exclusive"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/revoke"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
	"github.com/clarifai/terraform-provider-clarifai/internal/user"
)

var (
	_ provider.Provider                       = (*Provider)(nil)
	_ provider.ProviderWithActions            = (*Provider)(nil)
	_ provider.ProviderWithEphemeralResources = (*Provider)(nil)
	_ provider.ProviderWithFunctions          = (*Provider)(nil)
	_ provider.ProviderWithListResources      = (*Provider)(nil)
)

// typeName is the prefix of the types that the provider serves.
const typeName = "clarifai"

// Provider is the Clarifai provider.
type Provider struct {
	version string
	env     Environment

	tuneClient    func(*clarifai.Config)
	tuneInventory func(*inventory.Config)
	wrap          func(guard.Server) tfprotov6.ProviderServer

	data atomic.Pointer[base.Data]

	cleanup base.Cleanup
}

// Option changes what the provider works with; tests use it.
type Option func(*Provider)

// WithEnvironment replaces the process's environment.
func WithEnvironment(env Environment) Option { return func(p *Provider) { p.env = env } }

// WithClient changes the client's configuration after the block was read, and after the
// options before it.
func WithClient(tune func(*clarifai.Config)) Option {
	return func(p *Provider) {
		before := p.tuneClient
		p.tuneClient = func(cfg *clarifai.Config) { before(cfg); tune(cfg) }
	}
}

// WithServer changes what [Serve] serves.
func WithServer(wrap func(guard.Server) tfprotov6.ProviderServer) Option {
	return func(p *Provider) { p.wrap = wrap }
}

// WithInventory changes the inventory's configuration after the block was read.
func WithInventory(tune func(*inventory.Config)) Option {
	return func(p *Provider) { p.tuneInventory = tune }
}

// New returns the provider in that version.
func New(version string, options ...Option) *Provider {
	p := &Provider{
		version: version, env: OSEnvironment(),
		tuneClient: func(*clarifai.Config) {}, tuneInventory: func(*inventory.Config) {},
		wrap: func(s guard.Server) tfprotov6.ProviderServer { return s },
	}
	for _, o := range options {
		o(p)
	}
	return p
}

// Close revokes what ephemeral resources have left open. It runs at the end of
// the process, for which the CLI waits two seconds.
func (p *Provider) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 1800*time.Millisecond)
	defer cancel()
	return p.cleanup.Run(ctx)
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Schema defines the provider block.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages [Clarifai](https://www.clarifai.com) apps and their app-specific API keys.",
		Attributes: map[string]schema.Attribute{
			"pat": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{notEmpty("to use CLARIFAI_PAT")},
				MarkdownDescription: "Personal access token (PAT). Also `CLARIFAI_PAT`. It needs the scopes " + advice.RequiredScopesMarkdown() +
					". An app-specific key cannot manage keys.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{notEmpty("to use CLARIFAI_USER_ID")},
				MarkdownDescription: "User or organization that owns the apps. Also `CLARIFAI_USER_ID`. Default: the owner of the PAT.",
			},
			"api_base": schema.StringAttribute{
				Optional: true, Validators: []validator.String{notEmpty("to use CLARIFAI_API_BASE")},
				MarkdownDescription: "Base URL of the API, without `/v2`. Also `CLARIFAI_API_BASE`. Default: " +
					"`" + clarifai.DefaultBaseURL + "`. Plain `http` is accepted for loopback only.",
			},
			"context": schema.StringAttribute{
				Optional: true, Validators: []validator.String{notEmpty("to use the file's current context")},
				MarkdownDescription: "Context in the Clarifai CLI's config file that provides `pat`, `user_id` and `api_base` where the block " +
					"does not set them. Their environment variables then have no effect, except where the context's value is `ENVVAR`. Default: the " +
					"environment, then the file's `current_context`.",
			},
			"root_certificates_path": schema.StringAttribute{
				Optional: true, Validators: []validator.String{notEmpty("to use CLARIFAI_ROOT_CERTIFICATES_PATH")},
				MarkdownDescription: "PEM file of the certificate authorities to trust. Also `CLARIFAI_ROOT_CERTIFICATES_PATH`. Default: the system's.",
			},
			"requests_per_second": schema.Float64Attribute{
				Optional: true, Validators: []validator.Float64{atLeast(minRequestsPerSecond)},
				MarkdownDescription: fmt.Sprintf(
					"Rate limit for all requests of a run. Default: `%d`, the limit that Clarifai documents.", clarifai.DefaultRequestsPerSecond),
			},
			"max_retries": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, 1000)},
				MarkdownDescription: fmt.Sprintf("Retries of a request after transient failures. Waiting while Clarifai throttles requests does "+
					"not count. Default: `%d`.", clarifai.DefaultMaxRetries),
			},
			"request_timeout": schema.StringAttribute{
				Optional: true, Validators: []validator.String{positiveDuration()},
				MarkdownDescription: "How long one attempt of a request may take, such as `30s`. Default: " +
					"`" + clarifai.DefaultRequestTimeout.String() + "`. A creation does not end then, because it may still be carried out: the provider " +
					"looks for its result.",
			},
		},
	}
}

// Configure creates the client and the inventory. It sends nothing, and tolerates
// unknown values until something needs them.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var data *base.Data
	if unknown := unknownAttributes(req.Config); len(unknown) > 0 {
		data = base.Pending(unknown)
	} else {
		found := m.resolve(p.env, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		found.client.Version = p.version
		found.client.UserAgent = userAgent(p.version, req.TerraformVersion, p.env.Getenv("TF_APPEND_USER_AGENT"))
		found.client.Logger = base.Log{PAT: found.client.PAT}
		p.tuneClient(&found.client)
		client, err := clarifai.New(found.client)
		if err != nil {
			resp.Diagnostics.AddError("Invalid provider configuration",
				"The provider cannot create its API client: "+err.Error()+". It took the personal access token from "+found.client.PATSource+".")
			return
		}
		cfg := inventory.Config{
			UserID: found.userID, SameScopes: scope.Equivalent, CutMark: key.CutSuccessorMark,
			StateHolds: func(ref clarifai.AppRef) bool { return data.App(ref).Held },
		}
		p.tuneInventory(&cfg)
		data = base.New(inventory.New(client, cfg), cfg.UserID, &p.cleanup)
	}
	p.data.Store(data)
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = data, data, data
	resp.ListResourceData, resp.ActionData = data, data
}

// userAgent names the provider, Terraform and what the user appends to both, as
// HashiCorp's own providers do.
func userAgent(provider, terraform, appended string) string {
	agent := "terraform-provider-clarifai/" + provider
	if terraform != "" {
		agent += " Terraform/" + terraform
	}
	printable := func(r rune) rune {
		if r < ' ' || r > '~' { // Go sends no request with such a header
			return -1
		}
		return r
	}
	if appended = strings.TrimSpace(strings.Map(printable, appended)); appended != "" {
		agent += " " + appended
	}
	return agent
}

// Resources lists the managed resources.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		app.NewAppResource,
		appkey.NewAppKeyResource,
		exclusive.NewResource,
		appkey.NewRotatingAppKeyResource,
	}
}

// DataSources lists the data sources.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		app.NewAppDataSource,
		app.NewAppsDataSource,
		appkey.NewAppKeyDataSource,
		appkey.NewAppKeysDataSource,
		scope.NewScopesDataSource,
		user.NewUserDataSource,
	}
}

// EphemeralResources lists the ephemeral resources.
func (p *Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		appkey.NewAppKeyEphemeral,
		appkey.NewTemporaryAppKeyEphemeral,
	}
}

// ListResources lists the list resources.
func (p *Provider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		app.NewAppList,
		appkey.NewAppKeyList,
	}
}

// Actions lists the actions.
func (p *Provider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		revoke.NewAction,
	}
}

// Functions lists the functions.
func (p *Provider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		key.NewIDFunction,
		scope.NewExpandScopesFunction,
		scope.NewRequiredScopesFunction,
	}
}
