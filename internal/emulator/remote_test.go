package emulator

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestRemote(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	r := Remote{URL: b.url + "/"}
	ctx := t.Context()
	for _, err := range []error{
		r.Seed(ctx, Seed{Apps: 1, KeysPerApp: 2, Scopes: 3}),
		r.Inject(ctx, Fault{Kind: "latency", Method: "GetUser", Latency: time.Nanosecond}),
		r.Inject(ctx, Fault{Kind: "status", Method: "GetUser", HTTPStatus: 503}),
		r.SetSwitches(ctx, Switches{ScopeNames: "underscore"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.fails("GET", "/v2/users/me", nil, refusal{503, codeFor(503)})
	if got := b.ok("GET", "/v2/users/me/apps/seed-00001/keys", nil).list("keys"); len(got) != 2 {
		t.Errorf("%d keys", len(got))
	}
	if err := r.Inject(ctx, Fault{Kind: "html"}); err != nil {
		t.Fatal(err)
	}
	if err := r.ClearFaults(ctx); err != nil {
		t.Fatal(err)
	}
	b.ok("GET", "/v2/users/me", nil)
	s, err := r.Stats(ctx)
	if err != nil || s.Requests != 3 || s.Keys != 2 || s.ByMethod["GetUser"] != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if err := r.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if b.e.Count("") != 0 {
		t.Error("the counters are not zero")
	}
	if err := r.SetSwitches(ctx, Switches{Scopes: "sideways"}); err == nil || !strings.Contains(err.Error(), "stored, expanded, refused") {
		t.Errorf("a wrong switch: %v", err)
	}
}

func TestRemoteErrors(t *testing.T) {
	t.Parallel()
	redirected := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect))
	t.Cleanup(redirected.Close)
	for url, want := range map[string]string{
		redirected.URL:       "is not a clarifai-emulator of this version: HTTP 307",
		"http://127.0.0.1:1": "no emulator answers at http://127.0.0.1:1: ",
		"ftp://127.0.0.1":    "must look like",
		"":                   "must look like",
	} {
		err := Remote{URL: url}.Reset(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", url, err, want)
		}
		if strings.HasPrefix(want, "no emulator") != errors.Is(err, ErrUnreachable) {
			t.Errorf("%q: is the error ErrUnreachable? %v", url, err)
		}
	}
}

func TestSwitchValues(t *testing.T) {
	t.Parallel()
	got, err := Switches{ScopeNames: "underscore", DeleteLag: 2, DefaultKey: true}.Values()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(settings) {
		t.Errorf("%d values for %d switches", len(got), len(settings))
	}
	for _, sw := range settings {
		want := map[string]string{"scope_names": "underscore", "delete_lag": "2", "default_key": "true"}[sw.name]
		if want == "" {
			want, _, _ = strings.Cut(sw.values, " ")
		}
		if got[sw.name] != want {
			t.Errorf("%s is %q, want %q", sw.name, got[sw.name], want)
		}
	}
}
