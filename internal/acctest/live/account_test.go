package live

import (
	"bytes"
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestProbe_personalAccount(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	w.Options.UserID = ""
	findings, err := Probe(t.Context(), w.Options)
	apitest.Must(t, err)
	for _, f := range findings {
		apitest.Equal(t, f.Value == "", f.Name == "app_owner", f)
	}
	w.checkNothingLeft()
}

// TestProbe_interrupted interrupts a run after any number of requests, while Clarifai
// throttles it.
func TestProbe_interrupted(t *testing.T) {
	t.Parallel()
	for after := 2; after < 160; after += 13 {
		w := start(t, emulator.Options{RequestsPerSecond: 5}) // half of the pace
		ctx, cancel := context.WithCancel(t.Context())
		w.interrupt = func(sent int) {
			if sent == after {
				cancel()
			}
		}
		findings, err := Probe(ctx, w.Options)
		if err != nil {
			t.Errorf("after %d requests: %v", after, err)
		}
		open := 0
		for _, f := range findings {
			if f.Value == "" {
				open++
			}
		}
		if open == 0 {
			t.Errorf("after %d requests: no question is open", after)
		}
		w.checkNothingLeft()
	}
}

func TestProbe_unusablePAT(t *testing.T) {
	t.Parallel()
	for pat, want := range map[string]string{
		"unknown": "11009", "Apps:Get Apps:Add Apps:Delete Keys:Get Keys:Add Workflows:Get Workflows:Add Models:Get": "lacks the scopes Keys:Delete",
	} {
		w := start(t, emulator.Options{})
		w.Options.PAT = apitest.NewSecret()
		if pat != "unknown" {
			w.Options.PAT = w.AddPAT(w.UserID(), strings.Fields(pat)...)
		}
		findings, err := Probe(t.Context(), w.Options)
		if err == nil || len(findings) > 0 || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), w.Options.PAT) {
			t.Errorf("%v, %v; want %q", findings, err, want)
		}
		if n := w.Count("PostApps"); n > 0 {
			t.Errorf("%d requests to create an app", n)
		}
	}
}

func TestSweepLeavesTheRest(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{Switches: emulator.Switches{PageCap: 2, DeleteLag: 2, DeleteMisses: 1}})
	for id, age := range map[string]time.Duration{"00000a-a": 2 * time.Hour, "00000b-bbb": time.Hour, "00000c-c": time.Minute} {
		for _, user := range []string{organization, w.UserID()} {
			app := emulator.App{ID: Prefix + id, UserID: user, CreatedAt: w.Now().Add(-age)}
			apitest.Must(t, w.PutApp(app))
			apitest.Must(t, w.PutKey(emulator.Key{AppID: app.ID, UserID: user, CreatedAt: app.CreatedAt}))
		}
	}
	removed, err := Sweep(t.Context(), w.Options, time.Hour)
	if want := []string{Prefix + "00000a-a", Prefix + "00000b-bbb"}; err != nil || !reflect.DeepEqual(removed, want) {
		t.Errorf("removed %q, %v; want %q", removed, err, want)
	}
	if removed, err := Sweep(t.Context(), w.Options, 0); err != nil || len(removed) != 1 {
		t.Errorf("removed %q, %v; want the new app", removed, err)
	}
	w.checkNothingLeft()
}

// TestChangesOnlyOurs checks the guard that every request passes.
func TestChangesOnlyOurs(t *testing.T) {
	t.Parallel()
	sent := 0
	server := apitest.Serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent++ }))
	a, err := newAccount(Options{Clock: apitest.NewClock(), Account: cli.Account{URL: server, PAT: apitest.NewSecret()}})
	apitest.Must(t, err)
	mine := Prefix + "0a1b2c-a"
	a.secrets = []string{"known"}
	for name, c := range map[string]struct {
		verb, path, body string
		ours             bool
	}{
		"creates ours":             {"POST", "u/apps", `{"apps":[{"id":"` + mine + `"}]}`, true},
		"creates another":          {"POST", "u/apps", `{"apps":[{"id":"` + mine + `"},{"id":"production"}]}`, false},
		"creates one without ID":   {"POST", "u/apps", `{"apps":[{}]}`, false},
		"nothing":                  {"POST", "u/apps", `{}`, false},
		"deletes ours":             {"DELETE", "u/apps/" + mine, "", true},
		"deletes another":          {"DELETE", "u/apps/tf-provider-live-mine", "", false},
		"deletes what looks alike": {"DELETE", "u/apps/" + Prefix + "0a1b2c-A", "", false},
		"renames ours":             {"PATCH", "u/apps/ids", `{"ids":[{"id":"` + mine + `","new_id":"` + mine + `b"}]}`, true},
		"renames to another":       {"PATCH", "u/apps/ids", `{"ids":[{"id":"` + mine + `","new_id":"production"}]}`, false},
		"changes another":          {"PATCH", "u/apps/production", `{"app":{}}`, false},
		"a key of ours":            {"POST", "u/keys", `{"keys":[{"apps":[{"id":"` + mine + `"}]}]}`, true},
		"a key of another":         {"POST", "u/keys", `{"keys":[{"apps":[{"id":"production"}]}]}`, false},
		"a key of no app":          {"POST", "u/keys", `{"keys":[{}]}`, false},
		"changes our key":          {"PATCH", "u/keys", `{"keys":[{"id":"known"}]}`, true},
		"changes another key":      {"PATCH", "u/keys", `{"keys":[{"id":"unknown"}]}`, false},
		"deletes our key":          {"DELETE", "u/keys/known", "", true},
		"deletes another key":      {"DELETE", "u/keys/unknown", "", false},
	} {
		sent = 0
		r, err := http.NewRequestWithContext(t.Context(), c.verb, server+"/v2/users/"+c.path, strings.NewReader(c.body))
		apitest.Must(t, err)
		resp, err := a.RoundTrip(r)
		if err == nil {
			resp.Body.Close()
		}
		if (sent == 1) != c.ours || (err == nil) != c.ours {
			t.Errorf("%s: %d requests, %v", name, sent, err)
		}
	}
}

func TestAccountFollowsTheProvidersRules(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"plain http":   {Account: cli.Account{URL: "http://api.example", PAT: apitest.NewSecret()}},
		"certificates": {RootCertificates: []byte("none"), Account: cli.Account{URL: "https://api.example", PAT: apitest.NewSecret()}},
	} {
		if _, err := Probe(t.Context(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := Report(&out, []Finding{
		{"page_cap", "37", "a page had 37 of 40 keys", false}, {"scopes", "stored", "kept", false}, {"unknown_fields", "ignored", "HTTP 200", false},
		{"duplicate_app_code", "40099", "HTTP 400", false}, {"app_owner", "", "set CLARIFAI_USER_ID", true}, {"enums", "", "HTTP 500", false},
	})
	for _, text := range []string{"duplicate_app_code is 40099", "unknown_fields is ignored", "enums is open: HTTP 500"} {
		apitest.Fails(t, err, text)
	}
	if err != nil && strings.Contains(err.Error(), "app_owner") {
		t.Errorf("a question that the account cannot answer fails: %v", err)
	}
	want := `QUESTION            FOUND          DEFAULT  SEEN
page_cap            37             0        a page had 37 of 40 keys
scopes              stored         stored   kept
unknown_fields      ignored (new)  refused  HTTP 200
duplicate_app_code  40099 (new)    40010    HTTP 400
app_owner           (open)         path     set CLARIFAI_USER_ID
enums               (open)         numbers  HTTP 500

An emulator that behaves as what was found:
  clarifai-emulator -switch page_cap=37
Open, so as the emulator's default: app_owner, enums
`
	apitest.Equal(t, out.String(), want, "report")
	if err := Report(&out, []Finding{{"scopes", "stored", "kept", false}}); err != nil {
		t.Error(err)
	}
}
