// Package exclusive serves clarifai_app_keys_exclusive: the only keys that an app may
// have.
package exclusive

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

var (
	_ base.ManagedResource                = (*exclusiveResource)(nil)
	_ resource.ResourceWithValidateConfig = (*exclusiveResource)(nil)
)

// NewResource returns the resource clarifai_app_keys_exclusive: the
// keys that an app may have.
func NewResource() resource.Resource {
	return &exclusiveResource{base.Resource{Name: "app_keys_exclusive"}}
}

type exclusiveResource struct {
	base.Resource
}

func (r *exclusiveResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The only keys that an app may have: the plan shows every other key of the app, and the apply **revokes** it.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required: true, Validators: base.AppID(),
				MarkdownDescription: "App whose keys these are. Updated in place: an apply that changes it revokes nothing, whether Terraform " +
					"renames the app or this is another app. The next plan shows the other keys.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: base.OwnerID(),
				MarkdownDescription: "User or organization that owns the app. Default: the provider's user for a new resource, the owner in the " +
					"state for an existing one. A change replaces this resource, which revokes nothing.",
			},
			"key_ids": schema.SetAttribute{
				ElementType: types.StringType, Required: true,
				MarkdownDescription: "IDs of the keys to keep, each `user_id/app_id/fingerprint`. Never the keys themselves.",
			},
			"allow_none": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether `key_ids` may be empty, for an app that must have no key. Default: `false`.",
			},
			"other_keys": schema.MapAttribute{
				ElementType: types.StringType, Computed: true,
				MarkdownDescription: "Descriptions, cut to 100 characters, of the keys that the app has besides those in `key_ids`, by ID. A plan " +
					"that removes them from this map **revokes** those that it does not add to `key_ids`. In a new resource, it holds what the next " +
					"plan will show.",
			},
		},
	}
}

func (r *exclusiveResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Owner of the app."},
		"app_id":  identityschema.StringAttribute{RequiredForImport: true, Description: "App whose keys these are."},
	}}
}

// ValidateConfig refuses an empty set and keys of another app.
func (r *exclusiveResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config exclusiveModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		config.checkKeyIDs(&resp.Diagnostics)
	}
}

// Delete revokes nothing: the app may have any key from now on.
func (r *exclusiveResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
