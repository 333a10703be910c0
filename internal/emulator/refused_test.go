package emulator

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// TestRefusedRequests sends what Clarifai's published messages or its documentation do not
// allow, as the owner of the app a. Nothing comes of it.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a", "metadata", object{"anything": object{"goes": 1}})
	b.app("taken")
	b.e.AddUser("other")
	key := b.key("a", "All")["id"].(string)
	const app, rename, invalid = "PATCH apps/a", "PATCH apps/ids", codeInvalidRequest
	of := func(id string) string { return `{"apps":[{"id":"` + id + `","user_id":"u"}]` }
	keys := func(list ...string) string { return `{"keys":[` + strings.Join(list, ",") + `]}` }
	patched := func(action, more string) string {
		return `{"action":"` + action + `","keys":[{"id":"` + key + `"` + more + `}]}`
	}
	renamed := func(from, to string) string { return apitest.JSON(renaming(from, to)) }
	newApp := func(id, more string) string { return `{"apps":[{"id":"` + id + `"` + more + `}]}` }
	for _, c := range []struct {
		request, body string
		http, code    int
		says          string
	}{
		{"PUT keys", "{}", 400, codeMethodNotAllowed, ""},
		{"GET frobs", "", 404, codeDoesNotExist, ""},
		{"GET ../../v3/users/u", "", 404, codeDoesNotExist, ""},
		{"GET apps?per_page=1001", "", 400, invalid, ""},
		{"GET apps?page=-1", "", 400, invalid, ""},
		{"GET apps?sort_ascending=true", "", 400, invalid, ""},
		{"GET apps?sort_by_id=false&sort_ascending=false", "", 400, invalid, ""},
		{"GET apps?sort_by_name=true", "", 400, invalid, ""},
		{"GET apps?frob=1", "", 400, invalid, ""},
		{"GET keys?per_page=1001", "", 400, invalid, ""},
		{"GET keys?type=app_specific_key", "", 400, invalid, "'type'"},
		{"GET apps/none/keys", "", 404, codeDoesNotExist, ""},

		{"POST apps", newApp("a b", ""), 400, invalid, ""},
		{"POST apps", newApp("a.b", ""), 400, invalid, ""},
		{"POST apps", newApp("ä", ""), 400, invalid, ""},
		{"POST apps", newApp(strings.Repeat("x", 49), ""), 400, invalid, ""},
		{"POST apps", newApp("z", `,"default_workflow_id":"Nonsense"`), 400, codeWorkflowNotFound, ""},
		{app, `{"action":"merge","app":{}}`, 400, invalid, ""},
		{app, `{"action":"overwrite","app":{},"metadata_action":{"op":"merge"}}`, 400, codeMetadataArguments, ""},
		{app, `{"action":"overwrite","app":{"notes":"` + strings.Repeat("n", maxNotes+1) + `"}}`, 400, invalid, ""},
		{app, `{"action":"overwrite","app":{"default_workflow_id":"mine"}}`, 400, codeWorkflowNotFound, ""},
		{"PATCH apps/none", `{"action":"overwrite","app":{}}`, 404, codeDoesNotExist, ""},
		{rename, renamed("none", "x"), 404, codeDoesNotExist, ""},
		{rename, renamed("a", "taken"), 400, 40010, "already exists"},
		{rename, renamed("a", "a b"), 400, invalid, ""},
		{rename, `{"action":"merge","ids":[]}`, 400, invalid, ""},

		{"POST keys", keys("{}"), 400, invalid, ""},
		{"POST keys", keys(of("a")+"}", "{}"), 400, invalid, ""}, // one invalid key fails the whole request
		{"POST keys", keys(`{"apps":[{"id":"a","user_id":"u"},{"id":"a","user_id":"u"}]}`), 400, invalid, ""},
		{"POST keys", keys(`{"apps":[{"id":"a"}]}`), 400, invalid, ""},
		{"POST keys", keys(of("none") + "}"), 404, codeDoesNotExist, ""},
		{"POST keys", keys(`{"apps":[{"id":"a","user_id":"other"}]}`), 404, codeDoesNotExist, ""},
		{"POST keys", keys(of("a") + `,"scopes":["Frobs:Get"]}`), 400, invalid, ""},
		{"POST keys", keys(of("a") + `,"endpoints":["GetKey"]}`), 400, invalid, ""},
		{"POST keys", keys(of("a") + `,"type":"door_key"}`), 400, invalid, ""},
		{"POST keys", keys(`{"type":"personal_access_token"}`), 400, invalid, ""},
		{"POST keys", keys(of("a") + `,"id":"` + NewSecret() + `"}`), 400, invalid, ""},
		{"PATCH keys", patched("merge", ""), 400, invalid, ""},
		{"PATCH keys", patched("overwrite", `,"apps":[{"id":"b"}]`), 400, invalid, ""},
		{"PATCH keys", strings.Replace(patched("overwrite", ""), key, NewSecret(), 1), 404, codeDoesNotExist, ""},

		{"POST keys", keys(`{"frob":1}`), 400, codeBadFormat, `unknown field "keys[0].frob"`},
		{"POST keys", `{"Keys":[]}`, 400, codeBadFormat, `unknown field "Keys"`},
		{"POST keys", keys(`{"apps":[{"id":"a","userId":""}]}`), 400, codeBadFormat, `unknown field "keys[0].apps[0].userId"`},
		{"POST keys", `{"keys":[]} {}`, 400, codeBadFormat, "more than one"},
		{"POST keys", `{"keys":`, 400, codeBadFormat, "unexpected EOF"},
		{"POST keys", `[]`, 400, codeBadFormat, "must be a JSON object"},
		{"POST keys", keys(`{"scopes":"All"}`), 400, codeBadFormat, "scopes"},
		{"POST keys", ``, 400, codeBadFormat, "EOF"},
	} {
		verb, path, _ := strings.Cut(c.request, " ")
		g := b.do(verb, strings.Replace("/v2/users/u/"+path, "/v2/users/u/../..", "", 1), c.body)
		if (refusal{g.http, g.code()}) != (refusal{c.http, c.code}) || !strings.Contains(g.details(), c.says) {
			t.Errorf("%s %.100s: HTTP %d: %s", c.request, c.body, g.http, g.raw)
		}
	}
	b.with("Content-Type", "text/plain").fails("POST", "/v2/users/u/keys", "{}", refusal{400, codeBadFormat})
	apitest.Equal(t, b.e.LiveKeys(), 1, "keys")
	apitest.Equal(t, b.e.LiveApps(), 2, "apps")
}
