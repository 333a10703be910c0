package scope

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// suggestScope returns the scopes that may have been meant, as the end of a sentence: the name with the fewest
// differences or, since a wrong verb rarely resembles the right one, the scopes of the same resource.
func suggestScope(name string) string {
	name = Canonical(strings.TrimSpace(name))
	resource, _, hasVerb := strings.Cut(name, ":")
	var names, sameResource []string
	for _, s := range catalog().scopes {
		names = append(names, s.Name)
		if r, _, ok := strings.Cut(s.Name, ":"); ok && hasVerb && !s.Deprecated && strings.EqualFold(r, resource) {
			sameResource = append(sameResource, s.Name)
		}
	}
	if best := nearest(name, names, 1); len(best) > 0 {
		return didYouMean(best)
	}
	return didYouMean(sameResource)
}

// didYouMean returns the names that may have been meant, as the end of a sentence, or "" if there are none.
func didYouMean(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" (did you mean %q?)", names[0])
	}
	return fmt.Sprintf(" (did you mean one of %s?)", quoteAll(names))
}

// suggestEndpoint returns the endpoint that may have been meant, as the end of a sentence.
func suggestEndpoint(endpoint string) string {
	var names []string
	for _, m := range catalog().methods {
		names = append(names, m.Name)
	}
	best := nearest(strings.TrimPrefix(endpoint, clarifai.EndpointPrefix), names, 1)
	for i := range best {
		best[i] = clarifai.EndpointPrefix + best[i]
	}
	return didYouMean(best)
}

// suggestMethods returns the methods that may have been meant, as the end of a sentence: the nearest names or, since
// a wrong verb rarely resembles the right one, the methods for the same noun.
func suggestMethods(name string) string {
	name = strings.TrimPrefix(name, clarifai.EndpointPrefix)
	var names, sameNoun []string
	for _, m := range catalog().methods {
		names = append(names, m.Name)
		if n := noun(name); n != "" && n == noun(m.Name) {
			sameNoun = append(sameNoun, m.Name)
		}
	}
	if best := nearest(name, names, 3); len(best) > 0 {
		return didYouMean(best)
	}
	return didYouMean(sameNoun)
}

// noun returns the name of a method without its verb, in the singular: Input of PostInputs.
func noun(method string) string {
	if i := strings.IndexFunc(strings.TrimLeftFunc(method, unicode.IsUpper), unicode.IsUpper); i > 0 {
		return strings.TrimSuffix(method[i+1:], "s")
	}
	return ""
}

// nearest returns the up to n candidates with the smallest edit distances to name, ignoring case, that are close
// enough for name to be a typo of them.
func nearest(name string, candidates []string, n int) []string {
	name = strings.ToLower(name)
	most := max(2, len(name)/6)
	distances := map[string]int{}
	var near []string
	for _, c := range candidates {
		if d := distance(name, strings.ToLower(c)); d <= most {
			distances[c] = d
			near = append(near, c)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return distances[a] - distances[b] })
	return near[:min(n, len(near))]
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
