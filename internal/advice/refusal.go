package advice

import (
	"fmt"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// patMadeIn is where a person creates a PAT.
const patMadeIn = "Clarifai's portal, under Settings, Secrets"

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
		return fmt.Sprintf("%s belongs to %q and may not act for %q. Set user_id (or CLARIFAI_USER_ID) to %[2]q, or use a PAT of %[3]q.",
			capitalized(used), s.Owner, s.Account)
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
	return "Clarifai does not accept " + patOf(e.PATSource) + " (" + code + "). It must be a personal access token " +
		"that exists and has not expired; an app-specific key cannot manage apps or keys."
}
