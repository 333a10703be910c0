package recorder

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// TestRecorder: what is deleted fails the test unless the plan that is applied has named it
// or the same run created it, in this process and in another one.
func TestRecorder(t *testing.T) {
	t.Parallel()
	old := apitest.NewSecret()
	fingerprint := clarifai.Secret(old).Fingerprint()
	applied, key := call{"apply", "k", "x"}, "/v2/users/u/keys/"+old
	plan := func(process, resource, planned string, names ...string) entry {
		return entry{call: call{process, resource, planned}, Named: names}
	}
	for name, c := range map[string]struct {
		notes []entry
		path  string
		want  int
	}{
		"a key":                      {nil, key, 1},
		"an app":                     {nil, "/v2/users/u/apps/a", 1},
		"a named key":                {[]entry{plan("plan", "k", "x", fingerprint)}, key, 0},
		"a named app":                {[]entry{plan("plan", "k", "x", "u/a")}, "/v2/users/u/apps/a", 0},
		"another named key":          {[]entry{plan("plan", "k", "x", "0123456789abcdef")}, key, 1},
		"one of another resource":    {[]entry{plan("plan", "other", "x", fingerprint)}, key, 1},
		"one of an earlier plan":     {[]entry{plan("plan", "k", "x", fingerprint), plan("later", "k", "x")}, key, 1},
		"one of a saved plan":        {[]entry{plan("plan", "k", "x", fingerprint), plan("later", "k", "y")}, key, 0},
		"one of a later plan":        {[]entry{plan("plan", "k", "x"), plan("later", "k", "y", fingerprint)}, key, 1},
		"one of a vague plan":        {[]entry{plan("plan", "k", "unknown", fingerprint), plan("apply", "k", "x")}, key, 0},
		"one of an earlier vague":    {[]entry{plan("plan", "k", "unknown", fingerprint), plan("later", "k", "so"), plan("apply", "k", "x")}, key, 1},
		"one when planned again":     {[]entry{plan("plan", "k", "x"), plan("apply", "k", "x", fingerprint)}, key, 0},
		"one of another object":      {[]entry{plan("apply", "k", "y", fingerprint)}, key, 1},
		"a key of the run itself":    {nil, "/v2/users/u/keys/" + apitest.NewSecret(), 0},
		"one of an action":           {[]entry{{Named: []string{fingerprint}}}, key, 0},
		"all but some, by an action": {[]entry{{ExceptKey: true}}, key, 0},
	} {
		for where, served := range map[string]bool{"": false, " of another process": true} {
			t.Run(name+where, func(t *testing.T) {
				t.Parallel()
				r := New(func() []string { return []string{fingerprint} })
				var b Book = r
				if served {
					b = remote(apitest.Serve(t, r))
				}
				for _, e := range c.notes {
					b.note(e)
				}
				req := httptest.NewRequestWithContext(context.WithValue(t.Context(), call{}, applied), http.MethodDelete, c.path, http.NoBody)
				resp, err := watch(b, answersNothing{}).RoundTrip(req)
				apitest.Must(t, err)
				_ = resp.Body.Close() // it is empty
				apitest.Equal(t, len(r.Errors()), c.want, r.Errors())
			})
		}
	}
}

// TestWarned: warnings name what dies, and errors nothing.
func TestWarned(t *testing.T) {
	t.Parallel()
	const fingerprint = "0123456789abcdef"
	for severity, want := range map[tfprotov6.DiagnosticSeverity]int{tfprotov6.DiagnosticSeverityWarning: 1, tfprotov6.DiagnosticSeverityError: 0} {
		names := warned([]*tfprotov6.Diagnostic{
			{Severity: severity, Detail: "revokes u/a/" + fingerprint + "."},
			{Severity: severity, Summary: "A key stays alive", Detail: "fedcba9876543210"},
		})
		apitest.Equal(t, len(names), want, "names", names)
	}
}

type answersNothing struct{}

func (answersNothing) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// TestNamedByPlan: what leaves an attribute is named, or may leave it, but for the current
// key of a rotation.
func TestNamedByPlan(t *testing.T) {
	t.Parallel()
	const current, previous, earlier = "1111111111111111", "2222222222222222", "3333333333333333"
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
	three := key("a", "u/a/"+current, "u/a/"+previous, ids(current, earlier, previous))
	unknownIDs := tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, unknown)
	set := others(map[string]tftypes.Value{"u/a/" + current: text("x")})
	for name, c := range map[string]struct {
		kind           string
		prior, planned map[string]tftypes.Value
		want           []string
	}{
		"a create":            {"clarifai_rotating_app_key", nil, prior, nil},
		"a destroy":           {"clarifai_rotating_app_key", prior, nil, []string{current, previous}},
		"a retirement":        {"clarifai_rotating_app_key", prior, key("a", "u/a/"+current, nil, ids(current)), []string{previous}},
		"a rotation":          {"clarifai_rotating_app_key", prior, key("a", unknown, unknown, unknownIDs), []string{previous}},
		"a rotation of three": {"clarifai_rotating_app_key", three, key("a", unknown, unknown, unknownIDs), []string{previous, earlier}},
		"a move":              {"clarifai_rotating_app_key", prior, key("b", unknown, unknown, unknownIDs), []string{current, previous}},
		"a new plain key":     {"clarifai_app_key", prior, key("a", unknown, nil, unknownIDs), []string{current, previous}},
		"a destroyed app":     {"clarifai_app", map[string]tftypes.Value{"user_id": text("u"), "id": text("a")}, nil, []string{"u/a"}},
		"other keys":          {"clarifai_app_keys_exclusive", set, others(map[string]tftypes.Value{}), []string{current}},
		"unknown other keys":  {"clarifai_app_keys_exclusive", set, others(unknown), nil},
		"a destroyed set":     {"clarifai_app_keys_exclusive", set, nil, nil},
	} {
		got := namedByPlan(c.kind, c.prior, c.planned)
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
