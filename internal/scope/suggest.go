package scope

import (
	"fmt"
	"strings"
)

// suggestScope returns the scopes that may have been meant, as the end of a sentence: the name with the fewest
// differences or, since a wrong verb rarely resembles the right one, the scopes of the same resource.
func suggestScope(name string) string {
	name = Canonical(strings.TrimSpace(name))
	resource, _, hasVerb := strings.Cut(name, ":")
	var names, sameResource []string
	for _, s := range catalogue().scopes {
		names = append(names, s.Name)
		if r, _, ok := strings.Cut(s.Name, ":"); ok && hasVerb && !s.Deprecated && strings.EqualFold(r, resource) {
			sameResource = append(sameResource, s.Name)
		}
	}
	if best := nearest(name, names); best != "" {
		return fmt.Sprintf(" (did you mean %q?)", best)
	}
	if len(sameResource) > 0 {
		return fmt.Sprintf(" (did you mean one of %s?)", quoteAll(sameResource))
	}
	return ""
}

// suggestEndpoint returns the endpoint that may have been meant, as the end of a sentence.
func suggestEndpoint(endpoint string) string {
	var names []string
	for _, m := range catalogue().methods {
		names = append(names, m.Name)
	}
	if best := nearest(strings.TrimPrefix(endpoint, EndpointPrefix), names); best != "" {
		return fmt.Sprintf(" (did you mean %q?)", EndpointPrefix+best)
	}
	return ""
}

// nearest returns the candidate with the smallest edit distance to name, ignoring case, or "" if none is close
// enough to be a typo.
func nearest(name string, candidates []string) string {
	name = strings.ToLower(name)
	best, least := "", max(2, len(name)/6)+1
	for _, c := range candidates {
		if dist := distance(name, strings.ToLower(c)); dist < least {
			best, least = c, dist
		}
	}
	return best
}

// distance returns the Levenshtein distance in bytes: all names are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
