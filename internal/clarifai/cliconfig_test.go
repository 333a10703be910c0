package clarifai

import (
	"errors"
	"strings"
	"testing"
)

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
		want         CLIContext
		err          string
	}{
		"current":              {two, "", CLIContext{"alice", "https://api.example", "alice", "pat-a"}, ""},
		"by name":              {two, "alice", CLIContext{"alice", "https://api.example", "alice", "pat-a"}, ""},
		"from the environment": {two, "work", CLIContext{Name: "work"}, ""},
		"missing":              {two, "home", CLIContext{}, `"home"; the file has alice, work`},
		"empty file":           {"", "", CLIContext{}, ""},
		"asked of nothing":     {"", "home", CLIContext{}, `"home"; the file has none`},
		"no contexts":          {"current_context: x", "", CLIContext{}, ""},
		"current is missing":   {"current_context: x\ncontexts: {a: {}}", "", CLIContext{}, `"x"; the file has a`},
		"no current":           {"contexts: {a: {CLARIFAI_PAT: p}}", "", CLIContext{}, `the file has a`},
		"empty context":        {"current_context: a\ncontexts: {a: }", "", CLIContext{Name: "a"}, ""},
		"digits":               {"current_context: a\ncontexts: {a: {CLARIFAI_USER_ID: 0123, CLARIFAI_PAT: 12345678e90123456789012345678901}}", "", CLIContext{"a", "", "0123", "12345678e90123456789012345678901"}, ""},
		"null":                 {"current_context: a\ncontexts: {a: {CLARIFAI_USER_ID: null, CLARIFAI_PAT: ~}}", "", CLIContext{Name: "a"}, ""},
		"an alias":             {"current_context: a\ncontexts: {b: {CLARIFAI_PAT: &p x}, a: {CLARIFAI_PAT: *p}}", "", CLIContext{Name: "a", PAT: "x"}, ""},
		"a list for a value":   {"current_context: a\ncontexts: {a: {CLARIFAI_PAT: [x]}}", "", CLIContext{Name: "a"}, ""},
		"not YAML":             {"contexts: {alice: {CLARIFAI_PAT: sekrit", "", CLIContext{}, "not the YAML"},
		"wrong shape":          {"contexts: [CLARIFAI_PAT=sekrit]", "", CLIContext{}, "not the YAML"},
		"tab":                  {"contexts:\n\talice: sekrit", "", CLIContext{}, "not the YAML"},
		"JSON of another":      {`{"auths":{"x":{"auth":"sekrit"}}}`, "", CLIContext{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadCLIConfig([]byte(tt.content), tt.ask)
			if got != tt.want {
				t.Errorf("%+v", got)
			}
			switch {
			case tt.err == "" && err != nil, tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
				t.Error(err)
			case err != nil && strings.Contains(err.Error(), "sekrit"):
				t.Errorf("the file is quoted: %v", err)
			}
			if strings.Contains(tt.err, "the file has") && !errors.Is(err, ErrNoContext) {
				t.Errorf("%v is not ErrNoContext", err)
			}
		})
	}
}

// Somebody may have put the PAT where the name of the context belongs.
func TestCLIConfigNamesAreMaskedWhereTheyLookLikeKeys(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	for _, content := range []string{
		"current_context: " + secret + "\ncontexts: {a: {}}",
		"contexts: {" + secret + ": {}}",
	} {
		if _, err := ReadCLIConfig([]byte(content), ""); err == nil || strings.Contains(err.Error(), secret) {
			t.Error("the PAT is in the error, or there is none")
		}
	}
}
