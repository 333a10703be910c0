package providerdata

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// destroyHint ends an error of the preflight, because a destroy plans normally
// first.
const destroyHint = "`terraform destroy` plans normally first: this error stops it as well. `terraform destroy -refresh=false` does without that plan, and without this check."

// Preflight verifies the account of a resource that a plan creates, once per
// account and run, so that the plan reports what would fail the apply after the
// merge. A refusal that Clarifai answered is an error; missing scopes are a
// warning, because a nightly plan with a PAT that may only read still has to
// report drift. No answer is not reported: a plan of new resources works offline.
//
// Terraform plans a replacement twice, the second time as a new resource, and
// drops the warnings of that. So ModifyPlan defers the call: what it replaces is
// checked the first time.
//
// It returns the owner of the new resource, "" if it is not known. Creates is
// false if the plan creates nothing, or in an account that is not known yet.
func (r *Resource) Preflight(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (owner string, creates bool) {
	if !r.Ready() || req.Plan.Raw.IsNull() {
		return "", false
	}
	diags := &resp.Diagnostics
	var configured types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("user_id"), &configured)...)
	if diags.HasError() || configured.IsUnknown() {
		return "", false
	}
	if !req.State.Raw.IsNull() {
		r.warnOwner(ctx, req, configured, diags)
		if len(resp.RequiresReplace) == 0 {
			return "", false
		}
	}
	found := r.data.inventory.Preflight(ctx, configured.ValueString())
	if r.data.Note("preflight/" + found.UserID) {
		addPreflight(diags, found)
	}
	return found.UserID, true
}

// addPreflight reports what a preflight found. Terraform shows an error for each
// resource that has one, so the caller reports it once.
func addPreflight(diags *diag.Diagnostics, found inventory.Preflight) {
	var unverified *inventory.UnverifiedAccountError
	switch {
	case errors.As(found.Refused, &unverified):
		diags.AddError("Unusable user_id", strings.Join([]string{
			fmt.Sprintf("This PAT has no access to the account %q. Check user_id (or CLARIFAI_USER_ID).", unverified.UserID),
			capitalized(pat(unverified.Err)) + " was used. Clarifai answered: " + sentence(unverified.Err.Error()),
			destroyHint,
		}, "\n\n"))
	case found.Refused != nil:
		diags.AddError("Clarifai refuses the PAT", detail(sentence(found.Refused.Error()), "check", found.Refused)+"\n\n"+destroyHint)
	}
	missing := missingScopes(found.Scopes)
	switch {
	case len(missing) > 0:
		diags.AddWarning("The PAT lacks scopes", fmt.Sprintf(
			"This plan creates resources, and %s lacks scopes that the provider needs: %s. What needs them fails in the apply. Create a PAT with these scopes (or All) in Clarifai's settings under Security.",
			patOf(found.PATSource), strings.Join(missing, ", ")))
	case found.Lacking != nil:
		advised := advice("check", found.Lacking)
		if e := clarifai.AsError(found.Lacking); e != nil && e.Method == "MyScopesUser" {
			advised = accountAdvice(found.Lacking)
		}
		diags.AddWarning("The PAT lacks scopes", sentence(found.Lacking.Error())+"\n\n"+advised)
	}
}

// missingScopes returns the required scopes that are not among those of the PAT.
func missingScopes(scopes []string) []string {
	if len(scopes) == 0 { // not known
		return nil
	}
	held := map[string]bool{}
	for _, s := range scopes {
		held[strings.Replace(s, "_", ":", 1)] = true
	}
	if held["All"] {
		return nil
	}
	return slices.DeleteFunc(RequiredScopes(), func(s string) bool { return held[s] })
}

// warnOwner warns, once per account, if the provider's user_id is not the owner
// of a resource whose configuration does not set user_id.
func (r *Resource) warnOwner(ctx context.Context, req resource.ModifyPlanRequest, configured types.String, diags *diag.Diagnostics) {
	if !configured.IsNull() {
		return
	}
	var owner types.String
	diags.Append(req.State.GetAttribute(ctx, path.Root("user_id"), &owner)...)
	if !r.data.OwnerDiffers(owner.ValueString()) || !r.data.Note(ownerNote(owner.ValueString())) {
		return
	}
	user := r.data.inventory.ConfiguredUser()
	diags.AddWarning("Resources of another account", fmt.Sprintf(
		"The provider's user_id (or CLARIFAI_USER_ID) is %q, but resources in the state that do not set user_id belong to %q. They stay there: "+
			"the provider's user_id is used only when a resource is created. Set the provider's user_id to %[2]q, or set user_id = %[2]q in these resources.",
		user, owner.ValueString()))
}

func ownerNote(owner string) string { return "owner/" + owner }

// OwnerDiffers reports whether the provider's user_id is set, is not the owner of
// a resource in the state, and no warning has said so yet.
func (d *Data) OwnerDiffers(owner string) bool {
	user := d.Inventory().ConfiguredUser()
	return user != "" && owner != "" && user != owner && !d.HasNote(ownerNote(owner))
}
