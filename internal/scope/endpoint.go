package scope

import (
	"fmt"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// ValidEndpoint reports whether s has the form /clarifai.api.V2/Method. The catalogue need not know the method.
func ValidEndpoint(s string) bool {
	method, ok := strings.CutPrefix(s, clarifai.EndpointPrefix)
	return ok && capitalised(method)
}

// endpointProblem returns what is wrong with the form of an endpoint and how to fix it, or "" if nothing is.
func endpointProblem(s string) string {
	const example = "\"" + clarifai.EndpointPrefix + "PostModelOutputs\""
	trimmed := strings.TrimSpace(s)
	method, ok := strings.CutPrefix(s, clarifai.EndpointPrefix)
	lastWord := s[strings.LastIndexAny(s, "/.")+1:]
	switch {
	case ValidEndpoint(s):
		return ""
	case trimmed == "":
		return "It is empty. Remove it, or name a method such as " + example + "."
	case ValidEndpoint(trimmed):
		return fmt.Sprintf("It has spaces around it. Write %q.", trimmed)
	case ok && method == "":
		return "The method is missing. Add one after the last slash, such as " + example + "."
	case ok:
		return fmt.Sprintf("%q is not a method name: method names start with a capital letter and contain only letters and digits. "+
			"Write %sMethod, such as %s.", method, clarifai.EndpointPrefix, example)
	case strings.HasPrefix(s, "/v2/") || strings.HasPrefix(s, "http"):
		return "It is a REST path, but the endpoints of a key are gRPC methods. Write, for example, " + example + "."
	case capitalised(lastWord):
		return fmt.Sprintf("It does not start with %s. Write %q.", clarifai.EndpointPrefix, clarifai.EndpointPrefix+lastWord)
	default:
		return fmt.Sprintf("It does not start with %s. Write %[1]sMethod, such as %s.", clarifai.EndpointPrefix, example)
	}
}
