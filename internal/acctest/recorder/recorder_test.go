package recorder

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// TestRecorder: what is deleted fails the test unless a plan has named it or the same run
// created it, in this process and in another one.
func TestRecorder(t *testing.T) {
	t.Parallel()
	old := apitest.NewSecret()
	fingerprint := clarifai.Secret(old).Fingerprint()
	for name, c := range map[string]struct {
		before func(s server)
		path   string
		want   int
	}{
		"a key":                      {path: "/v2/users/u/keys/" + old, want: 1},
		"an app":                     {path: "/v2/users/u/apps/a", want: 1},
		"a named key":                {before: names(fingerprint), path: "/v2/users/u/keys/" + old},
		"a named app":                {before: names("u/a"), path: "/v2/users/u/apps/a"},
		"another named key":          {before: names("0123456789abcdef"), path: "/v2/users/u/keys/" + old, want: 1},
		"a key in a warning":         {before: says(tfprotov6.DiagnosticSeverityWarning, "revokes u/a/"+fingerprint+"."), path: "/v2/users/u/keys/" + old},
		"a key in an error":          {before: says(tfprotov6.DiagnosticSeverityError, "revokes u/a/"+fingerprint+"."), path: "/v2/users/u/keys/" + old, want: 1},
		"a key of the run itself":    {path: "/v2/users/u/keys/" + apitest.NewSecret()},
		"all but some, by an action": {before: func(s server) { s.note(entry{ExceptKey: true}) }, path: "/v2/users/u/keys/" + old},
	} {
		for where, served := range map[string]bool{"": false, " of another process": true} {
			t.Run(name+where, func(t *testing.T) {
				t.Parallel()
				r := New(func() []string { return []string{fingerprint} })
				var b Book = r
				if served {
					b = remote(apitest.Serve(t, r))
				}
				if c.before != nil {
					c.before(server{Book: b})
				}
				resp, err := watch(b, answersNothing{}).RoundTrip(httptest.NewRequestWithContext(t.Context(), http.MethodDelete, c.path, http.NoBody))
				apitest.Must(t, err)
				_ = resp.Body.Close() // it is empty
				if errs := r.Errors(); len(errs) != c.want {
					t.Errorf("%v", errs)
				}
			})
		}
	}
}

func names(what string) func(server) {
	return func(s server) { s.note(entry{Named: []string{what}}) }
}

func says(severity tfprotov6.DiagnosticSeverity, detail string) func(server) {
	return func(s server) { s.warned([]*tfprotov6.Diagnostic{{Severity: severity, Detail: detail}}) }
}

type answersNothing struct{}

func (answersNothing) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// TestNamedByPlan: what leaves an attribute is named, and what is not known yet is not,
// unless the key itself is replaced.
func TestNamedByPlan(t *testing.T) {
	t.Parallel()
	const current, previous = "1111111111111111", "2222222222222222"
	text := func(v any) tftypes.Value { return tftypes.NewValue(tftypes.String, v) }
	ids := func(fingerprints ...string) tftypes.Value {
		var all []tftypes.Value
		for _, f := range fingerprints {
			all = append(all, text("u/a/"+f))
		}
		return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, all)
	}
	unknown := tftypes.UnknownValue
	key := func(app string, id, previousID any, keyIDs tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{"user_id": text("u"), "app_id": text(app), "id": text(id), "previous_id": text(previousID), "key_ids": keyIDs}
	}
	others := func(v any) map[string]tftypes.Value {
		return map[string]tftypes.Value{"other_keys": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, v)}
	}
	prior := key("a", "u/a/"+current, "u/a/"+previous, ids(current, previous))
	unknownIDs := tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, unknown)
	set := others(map[string]tftypes.Value{"u/a/" + current: text("x")})
	for name, c := range map[string]struct {
		kind           string
		prior, planned map[string]tftypes.Value
		want           []string
	}{
		"a create":           {"clarifai_rotating_app_key", nil, prior, nil},
		"a destroy":          {"clarifai_rotating_app_key", prior, nil, []string{current, previous}},
		"a retirement":       {"clarifai_rotating_app_key", prior, key("a", "u/a/"+current, nil, ids(current)), []string{previous}},
		"a rotation":         {"clarifai_rotating_app_key", prior, key("a", unknown, unknown, unknownIDs), []string{previous}},
		"a move":             {"clarifai_rotating_app_key", prior, key("b", unknown, unknown, unknownIDs), []string{current, previous}},
		"a new plain key":    {"clarifai_app_key", prior, key("a", unknown, nil, unknownIDs), []string{current, previous}},
		"a destroyed app":    {"clarifai_app", map[string]tftypes.Value{"user_id": text("u"), "id": text("a")}, nil, []string{"u/a"}},
		"other keys":         {"clarifai_app_keys_exclusive", set, others(map[string]tftypes.Value{}), []string{current}},
		"unknown other keys": {"clarifai_app_keys_exclusive", set, others(unknown), nil},
		"a destroyed set":    {"clarifai_app_keys_exclusive", set, nil, nil},
	} {
		got := namedByPlan(c.kind, c.prior, c.planned)
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
