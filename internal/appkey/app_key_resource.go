package appkey

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ resource.Resource                   = (*Resource)(nil)
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is clarifai_app_key.
type Resource struct {
	providerdata.Resource
}

// NewResource is clarifai_app_key for the registry.
func NewResource() resource.Resource { return &Resource{} }

func addError(diags *diag.Diagnostics, doing, what string, err error) {
	providerdata.AddError(diags, doing, what, err)
}

// Metadata names the resource. Its app's rename changes its identity.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app_key"
	resp.ResourceBehavior.MutableIdentity = true
}

// Create makes the key, exactly once.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, plan.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	made, _, err := makeKey(ctx, inv, user, plan, "", &resp.Diagnostics)
	if err != nil {
		return
	}
	d := noteDefaults(ctx, resp.Private, plan, made, &resp.Diagnostics)
	got := keyFromAPI(made, plan, d)
	if summary, detail := descriptionFault(plan, got); summary != "" { // no error: that would have the key made anew
		resp.Diagnostics.AddAttributeWarning(path.Root("description"), summary, detail+" The next plan shows the difference.")
		got.Description = plan.Description
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
}

// makeKey makes the key that plan asks for, unless its app holds the one of that
// fingerprint, which then has stayed. Diags take what went wrong.
func makeKey(ctx context.Context, inv *inventory.Inventory, user string, plan model, unless string, diags *diag.Diagnostics) (k clarifai.Key, stayed bool, err error) {
	app := plan.AppID.ValueString()
	made, err := inv.CreateKey(ctx, inventory.NewKey{
		UserID: user, AppID: app,
		Description: plan.Description.ValueString(),
		Scopes:      plan.Scopes.Strings(), Endpoints: plan.Endpoints.Strings(),
		Unless: unless,
	})
	if err != nil {
		addError(diags, "creating", "a key in app "+user+"/"+app, err)
		return clarifai.Key{}, false, err
	}
	if made.Stayed {
		return made.Key, true, nil
	}
	if len(made.Surplus) > 0 {
		diags.AddWarning("A key may have been made twice",
			"Answers of Clarifai were lost while key "+made.ID()+" was made, and there are alike keys in app "+user+"/"+app+" that were not there before: fingerprints "+
				strings.Join(made.Surplus, ", ")+". Nothing in this state needs them; delete them in Clarifai if nobody else made them.")
	}
	checkLimited(plan, made.Key, diags)
	return made.Key, false, nil
}

// checkLimited says where a new key got other limits than asked for. The state
// keeps what it has, marked for replacement.
func checkLimited(plan model, k clarifai.Key, diags *diag.Diagnostics) {
	other := func(attribute string, asked, got []string) {
		diags.AddAttributeError(path.Root(attribute), "Clarifai gave the key other "+attribute, "The configuration asks for "+strings.Join(asked, ", ")+
			"; the new key "+k.ID()+" has "+strings.Join(got, ", ")+". The next apply replaces it: set "+attribute+" to what Clarifai gives, or to others.")
	}
	if asked := plan.Scopes.Strings(); len(asked) > 0 && !scope.Equivalent(asked, k.Scopes) {
		other("scopes", asked, k.Scopes)
	}
	if asked := plan.Endpoints.Strings(); len(asked) > 0 && len(k.Endpoints) > 0 && !scope.NewEndpoints(asked).Equal(scope.NewEndpoints(k.Endpoints)) {
		other("endpoints", asked, k.Endpoints)
	}
}

// Read refreshes the state. A key that is gone is dropped from it only when
// the account itself answers for the PAT.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Terraform before 1.12 has no identity to hand over, and the framework
	// wants one from every read, also from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	k, err := inv.FindKey(ctx, state.UserID.ValueString(), state.AppID.ValueString(), state.Fingerprint.ValueString())
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		addError(&resp.Diagnostics, "reading", "key "+state.ID.ValueString(), err)
		return
	}
	r.Data().NoteRead(k.ID())
	d := readDefaults(ctx, req.Private, state, k, &resp.Diagnostics)
	noteShown(ctx, req.Private, resp.Private, state, k, &resp.Diagnostics)
	got := keyFromAPI(k, state, d)
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	if !got.AppID.Equal(state.AppID) {
		r.noteStray(ctx, state, got, resp)
	}
}

// noteStray tells of a key that was found in an app of another name.
func (r *Resource) noteStray(ctx context.Context, state, got model, resp *resource.ReadResponse) {
	from, to := state.AppID.ValueString(), got.AppID.ValueString()
	resp.Diagnostics.AddWarning("App renamed outside of Terraform", "The app "+state.UserID.ValueString()+"/"+from+
		" is called "+to+" now: its key "+got.Fingerprint.ValueString()+" is there.")
	providerdata.Note(ctx, resp.Private, privateStrayed, from, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
}

// Delete revokes the key.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if err := r.revoke(ctx, inv, state); err != nil {
		addError(&resp.Diagnostics, "deleting", "key "+state.ID.ValueString(), err)
	}
}

// revoke deletes a key, whose value is looked up where the state does not hold it.
func (r *Resource) revoke(ctx context.Context, inv *inventory.Inventory, state model) error {
	user, value := state.UserID.ValueString(), clarifai.Secret(state.Key.ValueString())
	if value == "" {
		return revokeKey(ctx, inv, keyRef{UserID: user, AppID: state.AppID.ValueString(), Fingerprint: state.Fingerprint.ValueString()})
	}
	return inv.DeleteKey(ctx, user, value)
}

// keyRef is what finds a key, and no secret.
type keyRef struct {
	UserID      string `json:"user_id"`
	AppID       string `json:"app_id"`
	Fingerprint string `json:"fingerprint"`
}

// revokeKey deletes a key that is known by its fingerprint alone.
func revokeKey(ctx context.Context, inv *inventory.Inventory, ref keyRef) error {
	k, err := inv.FindKey(ctx, ref.UserID, ref.AppID, ref.Fingerprint)
	if errors.Is(err, inventory.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return inv.DeleteKey(ctx, k.UserID, k.Value)
}
