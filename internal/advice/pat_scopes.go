package advice

import (
	"slices"
	"strings"
)

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
