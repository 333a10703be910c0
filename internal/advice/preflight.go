package advice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// destroyHint ends an error of the preflight, because a destroy plans normally
// first.
const destroyHint = "`terraform destroy` plans normally first: this error stops it as well. `terraform destroy -refresh=false` skips " +
	"that plan and this check."

// AddPreflight reports what a preflight found. Terraform shows an error for each
// resource that has one, so the caller reports it once.
func AddPreflight(diags *diag.Diagnostics, found inventory.Preflight) {
	var unverified *inventory.UnverifiedAccountError
	switch lacking := clarifai.AsError(found.Lacking); {
	case found.AppKey != "":
		diags.AddError("The PAT is an app key", preflightText(found, errors.Join(found.Refused, found.Lacking)))
	case errors.As(found.Refused, &unverified):
		diags.AddError("Invalid user_id", strings.Join([]string{
			fmt.Sprintf(
				"This PAT has no access to the account %q. Check user_id (or CLARIFAI_USER_ID).%s", unverified.UserID, belongs(found.Standing)),
			capitalized(pat(unverified.Err)) + " was used. " + Sentence(unverified.Err.Error()),
			destroyHint,
		}, "\n\n"))
	case found.Refused != nil:
		diags.AddError("Clarifai refuses the PAT", preflightText(found, found.Refused))
	case found.Foreign():
		diags.AddError("The PAT belongs to another account", preflightText(found, found.Lacking))
	case len(missingScopes(found.Scopes)) > 0:
		diags.AddWarning("The PAT lacks scopes", "This plan creates resources. What needs them fails in the apply. "+
			refusal(found.Standing, &clarifai.Error{PATSource: found.PATSource}))
	case lacking != nil:
		diags.AddWarning("Clarifai refuses "+lacking.Method, Sentence(found.Lacking.Error())+"\n\n"+refusal(found.Standing, lacking))
	}
	if found.Unanswered != nil {
		diags.AddWarning("The PAT and the account were not checked", Sentence(found.Unanswered.Error())+
			" This plan creates resources without knowing whether the PAT is allowed to. If it is not, the apply fails and says so.")
	}
}

// preflightText words an error that Clarifai's answer is the reason for.
func preflightText(found inventory.Preflight, err error) string {
	return strings.Join([]string{Sentence(err.Error()), refusal(found.Standing, clarifai.AsError(err)), destroyHint}, "\n\n")
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
