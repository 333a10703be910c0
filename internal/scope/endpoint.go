package scope

import (
	"fmt"
	"strings"
)

// ValidEndpoint tells whether s has the form of an endpoint: /clarifai.api.V2/ and the name of a method, known or not.
func ValidEndpoint(s string) bool { return endpointFault(s) == "" }

// endpointFault says what is wrong with the form of an endpoint and what to write instead.
func endpointFault(s string) string {
	method, ok := strings.CutPrefix(s, EndpointPrefix)
	switch {
	case strings.TrimSpace(s) == "":
		return "It is empty. Remove it, or name a method such as \"" + EndpointPrefix + "PostModelOutputs\"."
	case ok && capitalised(method):
		return ""
	case strings.TrimSpace(s) != s && ValidEndpoint(strings.TrimSpace(s)):
		return fmt.Sprintf("It has spaces around it. Write %q.", strings.TrimSpace(s))
	case ok && method == "":
		return "The method is missing. Name one behind the last slash, such as \"" + EndpointPrefix + "PostModelOutputs\"."
	case ok:
		return fmt.Sprintf("%q can not be the name of a method: that is letters and digits and begins with a capital. "+
			"Write %sMethod, such as \"%[2]sPostModelOutputs\".", method, EndpointPrefix)
	case strings.HasPrefix(s, "/v2/") || strings.HasPrefix(s, "http"):
		return "It is a REST path; a key's endpoints are gRPC methods. Write, for example, \"" + EndpointPrefix + "PostModelOutputs\"."
	case capitalised(s[strings.LastIndexAny(s, "/.")+1:]):
		return fmt.Sprintf("It does not begin with %s. Write %q.", EndpointPrefix, EndpointPrefix+s[strings.LastIndexAny(s, "/.")+1:])
	default:
		return fmt.Sprintf("It does not begin with %s. Write %[1]sMethod, such as \"%[1]sPostModelOutputs\".", EndpointPrefix)
	}
}
