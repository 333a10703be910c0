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
const destroyHint = "`terraform destroy` plans normally first: this error stops it as well. `terraform destroy -refresh=false` does " +
	"without that plan, and without this check."

// AddPreflight reports what a preflight found. Terraform shows an error for each
// resource that has one, so the caller reports it once.
func AddPreflight(diags *diag.Diagnostics, found inventory.Preflight) {
	var unverified *inventory.UnverifiedAccountError
	switch {
	case errors.As(found.Refused, &unverified):
		diags.AddError("Unusable user_id", strings.Join([]string{
			fmt.Sprintf("This PAT has no access to the account %q. Check user_id (or CLARIFAI_USER_ID).", unverified.UserID),
			capitalized(pat(unverified.Err)) + " was used. Clarifai answered: " + Sentence(unverified.Err.Error()),
			destroyHint,
		}, "\n\n"))
	case found.Refused != nil:
		diags.AddError("Clarifai refuses the PAT", Detail("check", found.Refused)+"\n\n"+destroyHint)
	}
	missing := missingScopes(found.Scopes)
	switch {
	case len(missing) > 0:
		diags.AddWarning("The PAT lacks scopes", fmt.Sprintf(
			"This plan creates resources, and %s lacks scopes that the provider needs: %s. What needs them fails in the apply. Create a PAT "+
				"with these scopes (or All) in Clarifai's settings under Security.",
			patOf(found.PATSource), strings.Join(missing, ", ")))
	case found.Lacking != nil:
		advised := advice("check", found.Lacking)
		if e := clarifai.AsError(found.Lacking); e != nil && e.Method == "MyScopesUser" {
			advised = accountAdvice(found.Lacking)
		}
		diags.AddWarning("The PAT lacks scopes", Sentence(found.Lacking.Error())+"\n\n"+advised)
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
