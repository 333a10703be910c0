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

// This file words what Clarifai refuses to a PAT, and what the PAT needs.

// patMadeIn is where a person creates a PAT.
const patMadeIn = "Clarifai's portal, under Settings, Secrets"

// pat names the PAT that an error is about, with where it came from.
func pat(err error) string {
	if e := clarifai.AsError(err); e != nil {
		return patOf(e.PATSource)
	}
	return "the PAT"
}

// userSetting names what sets the account that an error is about.
func userSetting(err error) string {
	if e := clarifai.AsError(err); e != nil && e.UserSetting != "" {
		return e.UserSetting
	}
	return "user_id"
}

func patOf(source string) string {
	if source == "" {
		return "the PAT"
	}
	return "the PAT from " + source
}

// refusal says why Clarifai refuses a request to the PAT, and what to do. That a
// scope is lacking holds only of a PAT whose scopes are known: Clarifai gives
// the same answer to the PAT of another account, and to one that an organization
// does not let do this.
func refusal(s clarifai.Standing, e *clarifai.Error) string {
	used, method := patOf(e.PATSource), clarifai.EndpointPrefix+e.Method
	missing := missingScopes(s.Scopes)
	switch {
	case s.AppKey != "":
		return fmt.Sprintf("%s is the key of the app %q, and an app-specific key cannot manage apps or keys. Create a personal access token in "+
			patMadeIn+".", capitalized(used), s.AppKey)
	case clarifai.IsUnauthorized(e):
		return rejected(e)
	case len(missing) > 0:
		return fmt.Sprintf("%s lacks scopes that the provider needs: %s. Create a PAT with these scopes (or All) in "+
			patMadeIn+".", capitalized(used), strings.Join(missing, ", ")) + belongs(s)
	case s.Foreign():
		return fmt.Sprintf("%s belongs to %q and may not act for %q. Set %[4]s to %[2]q, or use a PAT of %[3]q.",
			capitalized(used), s.Owner, s.Account, userSetting(e))
	case s.LacksEndpoint(e.Method):
		return fmt.Sprintf("%s is limited to endpoints: allow it to call %s, or do not limit the PAT by endpoints.", capitalized(used), method)
	case len(s.Scopes) > 0:
		return fmt.Sprintf(
			"%s holds every scope that the provider needs, so the reason is another one: a role in an organization that does not allow "+
				"%s, or a limit of the PAT to endpoints.", capitalized(used), method) + belongs(s)
	}
	return fmt.Sprintf(
		"%s lacks a scope, or is limited to endpoints. The provider needs the scopes %s. Create a PAT with these scopes (or All) in "+
			patMadeIn+". It must be allowed to call %s.", capitalized(used), strings.Join(requiredScopes, ", "), method) + belongs(s)
}

// belongs says whose PAT it is, if that is not the account that was asked.
func belongs(s clarifai.Standing) string {
	if s.Owner == "" || s.Owner == s.Account {
		return ""
	}
	return fmt.Sprintf(" The PAT belongs to %q, and the request was for %q.", s.Owner, s.Account)
}

// rejected says what it means that Clarifai does not accept the PAT itself.
func rejected(e *clarifai.Error) string {
	code := "HTTP status 401"
	if e.Code != 0 {
		code = fmt.Sprintf("code %d", e.Code)
	}
	return "Clarifai does not accept " + patOf(e.PATSource) + " (" + code + "): it does not exist, has expired, or is not a personal " +
		"access token. Create one in " + patMadeIn + "."
}

// requiredScopes is the only list of the scopes that a PAT needs. Error texts
// and the provider's schema are rendered from it.
var requiredScopes = []string{
	"Apps:Get", "Apps:Add", "Apps:Delete", "Keys:Get", "Keys:Add", "Keys:Delete", "Workflows:Get", "Workflows:Add", "Models:Get",
}

// RequiredScopes returns the scopes that the provider's PAT needs.
func RequiredScopes() []string { return slices.Clone(requiredScopes) }

// RequiredScopesMarkdown returns the scopes that the provider's PAT needs as
// an enumeration for a schema description.
func RequiredScopesMarkdown() string {
	last := len(requiredScopes) - 1
	return "`" + strings.Join(requiredScopes[:last], "`, `") + "` and `" + requiredScopes[last] + "`"
}

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
				"This PAT has no access to the account %q. Check %s.%s", unverified.UserID, userSetting(unverified.Err), belongs(found.Standing)),
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
