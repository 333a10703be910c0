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
	equal(t, b.e.LiveKeys(), 1, "keys after status_after")
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
	if want := [4]int{codeThrottled, 10030, 10030, codeSuccess}; [4]int(codes) != want {
		t.Errorf("got %v, want %v", codes, want)
	}
	for range 3 {
		b.fails("GET", "/v2/users/me/apps", nil, refusal{500, codeInternal})
	}
}

func TestFaultyAnswers(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	for i, c := range []struct {
		kind string
		done bool
		err  bool
	}{
		{"cut_before", false, true}, {"cut_after", true, true}, {"truncate", true, true},
		{"html", false, false}, {"html_after", true, false}, {"invalid_json", true, false}, {"redirect", false, false},
	} {
		before := b.e.LiveKeys()
		b.e.Inject(Fault{Method: "PostKeys", Kind: c.kind, Details: "https://elsewhere.example/"})
		g, err := b.send("POST", "/v2/users/u/keys", keyBody("a"))
		if (err != nil) != c.err || (b.e.LiveKeys() > before) != c.done {
			t.Errorf("%d %s: error %v, %d keys after %d", i, c.kind, err, b.e.LiveKeys(), before)
		}
		switch c.kind {
		case "html", "html_after":
			if g.http != 502 || !strings.Contains(g.raw, "<html>") {
				t.Errorf("%s: %d, %s", c.kind, g.http, g.raw)
			}
		case "truncate":
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("truncate: %v", err)
			}
		case "invalid_json":
			if g.http != 200 || g.body != nil || g.raw == "" {
				t.Errorf("invalid_json: %d, %s", g.http, g.raw)
			}
		case "redirect":
			if g.http != 307 || g.header.Get("Location") != "https://elsewhere.example/" {
				t.Errorf("redirect: %d, %v", g.http, g.header)
			}
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
	must(t, err)
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
	equal(t, b.e.LiveKeys(), 1, "keys")
}

func TestInvalidFaultsAndSwitchesPanic(t *testing.T) {
	t.Parallel()
	inject := func(f Fault) func() { return func() { New(Options{}).Inject(f) } }
	for i, f := range []func(){
		inject(Fault{Kind: "sulk"}), inject(Fault{Kind: "status", Method: "GetFrob"}), inject(Fault{Kind: "status", HTTPStatus: 99}),
		inject(Fault{Kind: "cut_then_work", Latency: -1}), func() { New(Options{Switches: Switches{Scopes: "sideways"}}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d: no panic", i)
				}
			}()
			f()
		}()
	}
}
