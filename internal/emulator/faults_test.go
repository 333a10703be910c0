package emulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestStatusFaults(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.e.Inject(Fault{Method: "PostKeys", Kind: "status", HTTPStatus: 503, Code: 98014, Details: "full", RetryAfter: "7"})
	g := b.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{503, 98014})
	if g.details() != "full" || g.header.Get("Retry-After") != "7" || b.e.LiveKeys() != 0 {
		t.Errorf("%s, %d keys", g.raw, b.e.LiveKeys())
	}
	b.e.Inject(Fault{Method: "PostKeys", Kind: "status_after"})
	b.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{500, codeInternal})
	apitest.Equal(t, b.e.LiveKeys(), 1, "keys after status_after")
	for httpStatus, code := range map[int]int{429: codeThrottled, 401: codeKeyInvalid, 403: codeInsufficientScopes,
		404: codeDoesNotExist, 400: codeInvalidRequest, 502: codeInternal} {
		b.e.Inject(Fault{Kind: "status", HTTPStatus: httpStatus})
		b.fails("GET", "/v2/users/me", nil, refusal{httpStatus, code})
	}
	b.e.Inject(Fault{Kind: "status", Code: 11003})
	b.fails("GET", "/v2/users/me", nil, refusal{429, 11003})
	b.e.Inject(Fault{Kind: "echo_key"})
	id := b.e.Keys("u", "")[0].ID
	b.fails("DELETE", "/v2/users/u/keys/"+id, nil, refusal{500, codeInternal}, id)
}

func TestFaultsMatchInOrder(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.e.Inject(Fault{Method: "GetUser", Skip: 1, Times: 2, Kind: "status", Code: 10030})
	b.e.Inject(Fault{Verb: "GET", Kind: "status", Code: codeThrottled})
	b.e.Inject(Fault{Method: "ListApps", Times: -1, Kind: "status", Code: codeInternal})
	var codes []int
	for range 4 {
		codes = append(codes, b.do("GET", "/v2/users/me", nil).code())
	}
	apitest.Equal(t, [4]int(codes), [4]int{codeThrottled, 10030, 10030, codeSuccess}, "codes")
	for range 3 {
		b.fails("GET", "/v2/users/me/apps", nil, refusal{500, codeInternal})
	}
}

func TestFaultyAnswers(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	for _, c := range []struct {
		kind  string
		done  bool
		err   error // nil: there is an answer
		http  int
		holds string
	}{
		{"cut_before", false, io.EOF, 0, ""}, {"cut_after", true, io.EOF, 0, ""}, {"truncate", true, io.ErrUnexpectedEOF, 0, ""},
		{"html", false, nil, 502, "<html>"}, {"html_after", true, nil, 502, "<html>"}, {"invalid_json", true, nil, 200, `{"`},
		{"redirect", false, nil, 307, "status"},
	} {
		before := b.e.LiveKeys()
		b.e.Inject(Fault{Method: "PostKeys", Kind: c.kind, Details: "https://elsewhere.example/"})
		g, err := b.send("POST", "/v2/users/u/keys", keyBody("a"))
		if !errors.Is(err, c.err) || (b.e.LiveKeys() > before) != c.done || g.http != c.http || !strings.Contains(g.raw, c.holds) {
			t.Errorf("%s: error %v, %d keys after %d, HTTP %d: %s", c.kind, err, b.e.LiveKeys(), before, g.http, g.raw)
		}
		apitest.Equal(t, g.body != nil, c.kind == "redirect", "JSON of", c.kind)
		if c.kind == "redirect" {
			apitest.Equal(t, g.header.Get("Location"), "https://elsewhere.example/", "Location")
		}
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	var slept []time.Duration
	var keys []int
	var b *fixture
	b = newFixture(t, Options{Latency: time.Second, Sleep: func(_ context.Context, d time.Duration) {
		slept = append(slept, d)
		keys = append(keys, b.e.LiveKeys())
	}})
	b.app("a")
	b.e.Inject(Fault{Method: "PostKeys", Kind: "latency", Latency: time.Minute})
	b.e.Inject(Fault{Method: "PostKeys", Kind: "latency_after", Latency: time.Hour})
	b.key("a")
	want := []time.Duration{time.Second, time.Second + time.Minute, time.Hour}
	if len(slept) != 3 || [3]time.Duration(slept) != [3]time.Duration(want) || keys[1] != 0 || keys[2] != 1 {
		t.Errorf("slept %v with %v keys", slept, keys)
	}
}

func TestRequestIsExecutedForADisconnectedClient(t *testing.T) {
	t.Parallel()
	asleep, gone := make(chan struct{}), make(chan struct{})
	b := newFixture(t, Options{Sleep: func(ctx context.Context, _ time.Duration) {
		close(asleep)
		<-gone
		if ctx.Err() != nil {
			t.Error("the latency ended when the client disconnected")
		}
	}})
	b.app("a")
	b.e.Inject(Fault{Method: "PostKeys", Kind: "latency", Latency: time.Minute})
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "POST", b.url+"/v2/users/u/keys",
		strings.NewReader(`{"keys":[{"apps":[{"id":"a","user_id":"u"}]}]}`))
	apitest.Must(t, err)
	req.Header.Set("Authorization", "Key "+b.pat)
	req.Header.Set("Content-Type", "application/json")
	var client sync.WaitGroup
	client.Go(func() {
		if _, err := b.roundTrip(req); err == nil {
			t.Error("the client got an answer")
		}
	})
	<-asleep
	cancel()
	client.Wait()
	close(gone)
	b.server.Close() // waits for running requests
	apitest.Equal(t, b.e.LiveKeys(), 1, "keys")
}
