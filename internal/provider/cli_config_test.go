package provider

import (
	"errors"
	"maps"
	"strings"
	"testing"
)

// contextOf is a context as the file of the CLI sets it; what is empty is not set.
func contextOf(name, apiBase, userID, pat string) cliContext {
	c := cliContext{}
	for variable, value := range map[string]string{nameField: name, apiBaseVariable: apiBase, userIDVariable: userID, patVariable: pat} {
		if value != "" {
			c[variable] = value
		}
	}
	return c
}

func TestReadCLIConfig(t *testing.T) {
	t.Parallel()
	const two = `
current_context: alice
contexts:
  alice: {CLARIFAI_API_BASE: https://api.example, CLARIFAI_USER_ID: alice, CLARIFAI_PAT: " pat-a "}
  work:
    CLARIFAI_USER_ID: ENVVAR
    CLARIFAI_PAT: ENVVAR
    CLARIFAI_SOMETHING: [new]
`
	for name, tt := range map[string]struct {
		content, ask string
		want         cliContext
		err          string
	}{
		"current":              {two, "", contextOf("alice", "https://api.example", "alice", "pat-a"), ""},
		"by name":              {two, "alice", contextOf("alice", "https://api.example", "alice", "pat-a"), ""},
		"from the environment": {two, "work", contextOf("work", "", "ENVVAR", "ENVVAR"), ""},
		"missing":              {two, "home", cliContext{}, `"home"; the file has alice, work`},
		"empty file":           {"", "", cliContext{}, ""},
		"asked of nothing":     {"", "home", cliContext{}, `"home"; the file has none`},
		"no contexts":          {"current_context: x", "", cliContext{}, ""},
		"current is missing":   {"current_context: x\ncontexts: {a: {}}", "", cliContext{}, `"x"; the file has a`},
		"no current":           {"contexts: {a: {CLARIFAI_PAT: p}}", "", cliContext{}, `the file has a`},
		"empty context":        {"current_context: a\ncontexts: {a: }", "", contextOf("a", "", "", ""), ""},
		"digits":               {"current_context: a\ncontexts: {a: {CLARIFAI_USER_ID: 0123, CLARIFAI_PAT: 12345678e90123456789012345678901}}", "", contextOf("a", "", "0123", "12345678e90123456789012345678901"), ""},
		"null":                 {"current_context: a\ncontexts: {a: {CLARIFAI_USER_ID: null, CLARIFAI_PAT: ~}}", "", contextOf("a", "", "", ""), ""},
		"an alias":             {"current_context: a\ncontexts: {b: {CLARIFAI_PAT: &p x}, a: {CLARIFAI_PAT: *p}}", "", contextOf("a", "", "", "x"), ""},
		"a list for a value":   {"current_context: a\ncontexts: {a: {CLARIFAI_PAT: [x]}}", "", contextOf("a", "", "", ""), ""},
		"not YAML":             {"contexts: {alice: {CLARIFAI_PAT: sekrit", "", cliContext{}, "not the YAML"},
		"wrong shape":          {"contexts: [CLARIFAI_PAT=sekrit]", "", cliContext{}, "not the YAML"},
		"tab":                  {"contexts:\n\talice: sekrit", "", cliContext{}, "not the YAML"},
		"JSON of another":      {`{"auths":{"x":{"auth":"sekrit"}}}`, "", cliContext{}, ""},
	} {
		got, err := readCLIConfig([]byte(tt.content), tt.ask)
		if !maps.Equal(got, tt.want) && len(got)+len(tt.want) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
		switch {
		case tt.err == "" && err != nil, tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Error(name, err)
		case err != nil && strings.Contains(err.Error(), "sekrit"):
			t.Errorf("%s: the file is quoted: %v", name, err)
		}
		if strings.Contains(tt.err, "the file has") && !errors.Is(err, errNoContext) {
			t.Errorf("%s: %v is not errNoContext", name, err)
		}
	}
}

// fuzzPAT has the form of a PAT.
var fuzzPAT = strings.Repeat("0123456789abcdef", 2)

// FuzzCLIConfig: a user may have put the PAT anywhere, such as where the name of the context
// belongs. No error repeats it.
func FuzzCLIConfig(f *testing.F) {
	for _, seed := range []string{
		"", "current_context: a\ncontexts:\n  a: {CLARIFAI_PAT: K}", "contexts: {a: {CLARIFAI_PAT: K", "contexts: [K]", "K", "K: K",
		"contexts: {K: {}}", "current_context: K", "current_context: K\ncontexts: {a: {}}",
		"current_context: [K]", "a: &a [*a, K]", "contexts: {a: {<<: {CLARIFAI_PAT: K}}}", "!!binary K",
	} {
		f.Add(seed, "")
		f.Add(seed, "a")
	}
	f.Fuzz(func(t *testing.T, content, name string) {
		if strings.Contains(name, "K") {
			return
		}
		_, err := readCLIConfig([]byte(strings.ReplaceAll(content, "K", fuzzPAT)), name)
		if err != nil && strings.Contains(err.Error(), fuzzPAT) {
			t.Errorf("the PAT is in the error of %q", content)
		}
	})
}
