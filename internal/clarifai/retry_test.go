package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

var goodApp = apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"shop","user_id":"acme"}}`)

func TestSafeMethodsAreRepeated(t *testing.T) {
	t.Parallel()
	coded := func(http int, code int) http.HandlerFunc {
		return apitest.Reply(http, fmt.Sprintf(`{"status":{"code":%d,"description":"x"}}`, code))
	}
	for name, tt := range map[string]struct {
		fault  http.HandlerFunc
		repeat bool
	}{
		"429":              {apitest.Reply(429, apitest.Throttled), true},
		"429 bare":         {apitest.Reply(429, ""), true},
		"11003":            {coded(403, 11003), true},
		"11005 with 200":   {coded(200, 11005), true},
		"10030":            {coded(200, 10030), true},
		"500":              {coded(500, 99009), true},
		"502 HTML":         {apitest.Reply(502, apitest.HTMLPage), true},
		"503":              {apitest.Reply(503, ""), true},
		"504":              {apitest.Reply(504, ""), true},
		"408":              {apitest.Reply(408, ""), true},
		"cut":              {apitest.Cut, true},
		"truncated":        {apitest.Short(apitest.OKStatus), true},
		"cut JSON":         {apitest.Reply(200, apitest.OKStatus), true},
		"200 HTML":         {apitest.Reply(200, apitest.HTMLPage), true},
		"400":              {coded(400, 11102), false},
		"400 cut JSON":     {apitest.Reply(400, apitest.OKStatus), true},
		"400 broken JSON":  {apitest.Reply(400, `{"status":x}`), false},
		"401":              {coded(401, 11008), false},
		"403":              {coded(403, 11007), false},
		"404":              {coded(404, 11101), false},
		"404 HTML":         {apitest.Reply(404, apitest.HTMLPage), false},
		"duplicate":        {coded(400, 40010), false},
		"200 with failure": {coded(200, 10020), false},
		"redirect":         {apitest.Reply(307, "", "Location", "/"), false},
	} {
		for verb, do := range map[string]func(*Client) error{
			"GET":    func(c *Client) error { return apitest.Err(c.GetApp(t.Context(), "acme", "shop")) },
			"PATCH":  func(c *Client) error { return apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{})) },
			"DELETE": func(c *Client) error { return apitest.Err(c.DeleteApp(t.Context(), "acme", "shop")) },
		} {
			c, _ := serve(t, apitest.Answers(tt.fault, tt.fault, goodApp))
			err := do(c)
			if verb == "DELETE" && IsNotFound(err) {
				continue // verified by a further request
			}
			if tt.repeat && err != nil {
				t.Errorf("%s: %s was given up: %v", name, verb, err)
			}
			if e := AsError(err); !tt.repeat && (e == nil || e.Attempts != 1 || strings.Contains(e.Error(), "gave up") || strings.Contains(e.Error(), "asked to wait")) && !(verb == "DELETE" && name == "404") {
				t.Errorf("%s: %s: %v", name, verb, err)
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"": 0, "0": 0, "-5": 0, "2": 2 * time.Second, "0.5": time.Second / 2, "86400": 24 * time.Hour, "86401": 0, "1e300": 0,
		"NaN": 0, "Inf": 0, "-Inf": 0, "soon": 0,
		"Sun, 01 Mar 2026 12:00:07 GMT":  7 * time.Second,
		"Sunday, 01-Mar-26 12:00:07 GMT": 7 * time.Second,
		"Sun, 01 Mar 2026 11:59:00 GMT":  0,
	} {
		apitest.Equal(t, retryAfter(in, now), want, in)
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		for _, inSeconds := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				after := "9"
				if !inSeconds {
					after = time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat)
				}
				c, _ := inBubble(t, apitest.Answers(apitest.Reply(status, "", "Retry-After", after), goodApp))
				began := time.Now()
				apitest.Must(t, apitest.Err(c.GetApp(t.Context(), "acme", "shop")))
				if took := time.Since(began); took < 9*time.Second || took > 10*time.Second {
					t.Errorf("%d, %s: waited %s", status, after, took)
				}
			})
		}
	}
}

func TestThrottlingIsNoFailureButEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		many := make([]http.HandlerFunc, 0, 21)
		for range 20 {
			many = append(many, apitest.Reply(429, apitest.Throttled))
		}
		c, _ := inBubble(t, apitest.Answers(append(many, goodApp)...), func(cfg *Config) { cfg.MaxRetries = 1 })
		apitest.Must(t, apitest.Err(c.GetApp(t.Context(), "acme", "shop"))) // after 20 refusals
	})
	synctest.Test(t, func(t *testing.T) {
		c, _ := inBubble(t, apitest.Reply(429, apitest.Throttled, "Retry-After", "20"))
		began := time.Now()
		_, err := c.GetApp(t.Context(), "acme", "shop")
		if took := time.Since(began); took < 4*time.Minute || took > 5*time.Minute+time.Second || !hasCode(err, CodeThrottled) {
			t.Errorf("gave up after %s: %v", took, err)
		}
		if e := AsError(err); e != nil && e.Attempts != 16 {
			t.Errorf("%d attempts", e.Attempts)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _ := inBubble(t, apitest.Reply(429, apitest.Throttled, "Retry-After", "3600"))
		began := time.Now()
		if _, err := c.GetApp(t.Context(), "acme", "shop"); err == nil || time.Since(began) > time.Second {
			t.Errorf("waited %s for a server that asks for an hour", time.Since(began))
		}
	})
}

func TestBackoffHasFullJitter(t *testing.T) {
	t.Parallel()
	c := mustNew(t, Config{PAT: "x", RetryBase: 100 * time.Millisecond})
	for n, bound := range map[int]time.Duration{0: 100 * time.Millisecond, 3: 800 * time.Millisecond, 7: 8 * time.Second, 40: 8 * time.Second} {
		low, high := bound, time.Duration(0)
		for range 2000 {
			d := c.backoff(n)
			low, high = min(low, d), max(high, d)
		}
		if low <= 0 || low > bound/20 || high > bound+time.Millisecond || high < bound*19/20 {
			t.Errorf("backoff %d is between %s and %s, want 0 to %s", n, low, high, bound)
		}
	}
}

func TestCancellationIsImmediate(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"while throttled":   apitest.Reply(429, apitest.Throttled, "Retry-After", "120"),
		"while backing off": apitest.Reply(503, "", "Retry-After", "120"),
		"while unanswered":  nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			stop := make(chan struct{})
			c, j := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
				if answer == nil {
					<-stop
					return
				}
				answer(w, r)
			})
			time.AfterFunc(5*time.Second, cancel)
			began := time.Now()
			_, err := c.GetApp(ctx, "acme", "shop")
			close(stop)
			if !errors.Is(err, context.Canceled) || time.Since(began) != 5*time.Second || len(j.All()) != 1 {
				t.Errorf("%s: after %s and %d requests: %v", name, time.Since(began), len(j.All()), err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c, j := inBubble(t, goodApp, func(cfg *Config) { cfg.RequestsPerSecond = 0.01 })
		_, _ = c.GetApp(ctx, "acme", "shop")
		time.AfterFunc(5*time.Second, cancel)
		began := time.Now()
		_, err := c.GetApp(ctx, "acme", "shop")
		if !errors.Is(err, context.Canceled) || time.Since(began) != 5*time.Second || len(j.All()) != 1 {
			t.Errorf("while waiting for its turn: after %s: %v", time.Since(began), err)
		}
		if !strings.Contains(err.Error(), "canceled before it was sent") || IsOutcomeUnknown(err) {
			t.Error(err)
		}
	})
}

func TestAttemptsAreTimed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		hang := func(http.ResponseWriter, *http.Request) { <-stop }
		c, j := inBubble(t, apitest.Answers(hang, hang, goodApp), func(cfg *Config) { cfg.RequestTimeout = 3 * time.Second })
		began := time.Now()
		_, err := c.GetApp(t.Context(), "acme", "shop")
		close(stop)
		if took := time.Since(began); err != nil || len(j.All()) != 3 || took < 6*time.Second || took > 7*time.Second {
			t.Errorf("%d requests in %s: %v", len(j.All()), took, err)
		}
	})
}

func TestRequestsKeepTheirPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var inSecond, most atomic.Int32
		second := time.Now().Unix()
		c, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if now := time.Now().Unix(); now != second {
				second = now
				inSecond.Store(0)
			}
			most.Store(max(most.Load(), inSecond.Add(1)))
			goodApp(w, r)
		}, func(cfg *Config) { cfg.RequestsPerSecond = 15 })
		began := time.Now()
		for range 150 {
			apitest.Must(t, apitest.Err(c.GetApp(t.Context(), "acme", "shop")))
		}
		if took := time.Since(began); took < 9600*time.Millisecond || took > 9900*time.Millisecond || most.Load() > 15 {
			t.Errorf("150 requests in %s, at most %d in a second", took, most.Load())
		}
	})
}

// pace returns how long n turns take.
func pace(t *testing.T, p *rateLimiter, n int) time.Duration {
	t.Helper()
	began := p.clock.Now()
	for range n {
		apitest.Must(t, apitest.Err(p.wait(t.Context())))
	}
	return p.clock.Now().Sub(began)
}

func TestRateLimiterSlowsDownAndRecovers(t *testing.T) {
	t.Parallel()
	p := newRateLimiter(10, apitest.NewClock())
	apitest.Equal(t, pace(t, p, 3), 0, "time of the first 3 turns")
	for range 20 {
		apitest.Equal(t, pace(t, p, 10).Round(100*time.Millisecond), time.Second, "time of 10 more turns")
	}
	p.throttled(30 * time.Second)
	p.throttled(2 * time.Second) // of the same burst: neither shortens the pause nor slows down further
	apitest.Equal(t, pace(t, p, 1).Round(10*time.Millisecond), 30*time.Second, "the pause")
	pace(t, p, 1)
	apitest.Equal(t, pace(t, p, 9).Round(100*time.Millisecond), time.Second, "time of 9 turns after a throttle")
	for range 30 {
		p.throttled(0)
		pace(t, p, 20)
	}
	apitest.Equal(t, p.lim.Limit(), p.full/8, "the rate")
	apitest.Equal(t, p.margin, maxMargin, "the margin")
	for range 35 {
		p.succeeded()
	}
	if got := p.lim.Limit(); got < p.full-1e-9 || got > p.full {
		t.Errorf("the rate is %v of %v after 35 successes", got, p.full)
	}
	if p.margin != maxMargin || p.lim.Burst() != 1 {
		t.Error("the rhythm recovered at once")
	}
	for range 10 {
		apitest.Must(t, p.clock.Sleep(t.Context(), recoveryTime))
		p.succeeded()
	}
	if p.margin != minMargin || p.lim.Burst() != 3 {
		t.Errorf("after ten quiet minutes the margin is %s, the burst %d", p.margin, p.lim.Burst())
	}
	p.lim.SetBurst(1)
	apitest.Must(t, p.clock.Sleep(t.Context(), recoveryTime))
	p.succeeded()
	apitest.Equal(t, p.lim.Burst(), 2, "the burst a quiet minute later")
}

// However late requests leave, no second has more than its share.
func TestRateLimiterCountsWhatLeft(t *testing.T) {
	t.Parallel()
	clock := apitest.NewClock()
	p := newRateLimiter(15, clock)
	var left []time.Time
	for i := range 200 {
		apitest.Must(t, apitest.Err(p.wait(t.Context())))
		left = append(left, clock.Now())
		if i%40 == 39 { // the machine is busy with something else
			apitest.Must(t, clock.Sleep(t.Context(), 1700*time.Millisecond))
		}
		if i >= 15 && left[i].Sub(left[i-15]) < time.Second {
			t.Fatalf("16 requests left within %s", left[i].Sub(left[i-15]))
		}
	}
}

// One refusal makes all requests wait, also those that already had their turn.
func TestOneThrottleHoldsAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		logged := &memory{}
		began := time.Now()
		times := make(chan time.Duration, 20)
		c, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			at := time.Since(began)
			times <- at
			if at == 0 {
				<-time.After(50 * time.Millisecond) // now the others wait for their turns
				apitest.Reply(429, apitest.Throttled, "Retry-After", "10")(w, r)
				return
			}
			goodApp(w, r)
		}, func(cfg *Config) { cfg.RequestsPerSecond, cfg.Logger = 1, logged })
		done := make(chan error, 5)
		for range 5 {
			go func() { done <- apitest.Err(c.GetApp(t.Context(), "acme", "shop")) }()
		}
		for range 5 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		close(times)
		early := 0
		for at := range times {
			if at < 10*time.Second {
				early++
			}
		}
		apitest.Equal(t, early, 1, "requests before the pause is over")
		apitest.Says(t, logged.String(), "throttled by Clarifai; all requests pause", "held back by the rate limit")
	})
}

// An API that cannot be reached, or that a proxy's page stands in for, is one event:
// after one call has given up, others are attempted once, until an answer comes.
func TestUnreachableIsOneEvent(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"cut": apitest.Cut, "page": apitest.Reply(502, apitest.HTMLPage), "login page": apitest.Reply(200, apitest.HTMLPage),
	} {
		var down atomic.Bool
		c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if down.Load() {
				fault(w, r)
				return
			}
			apitest.Reply(500, "")(w, r)
		}, func(cfg *Config) { cfg.MaxRetries = 3 })
		attempts := func() int {
			before := len(j.All())
			err := apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{}))
			if n := len(j.All()) - before; err == nil || ReportOutage(err) != (n == 1) {
				t.Errorf("%s: reported before, after %d attempts: %v", name, n, err)
			}
			return len(j.All()) - before
		}
		for i, tt := range []struct {
			down bool
			want int
		}{{false, 4}, {false, 4}, {true, 4}, {true, 1}, {true, 1}, {false, 4}, {true, 4}, {true, 1}} {
			down.Store(tt.down)
			apitest.Equal(t, attempts(), tt.want, "attempts of call", name, i, tt.down)
		}
	}
}

// The proxy is at fault, not the API, even where a name cannot be resolved.
func TestUnreachableProxy(t *testing.T) {
	t.Parallel()
	for _, proxy := range []string{"127.0.0.1:1", "proxy.invalid:3128"} {
		c := mustNew(t, Config{BaseURL: "https://api.test", PAT: "a-pat-for-tests", Transport: &http.Transport{
			Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: proxy}),
		}})
		_, err := c.GetMe(WithSingleAttempt(t.Context(), time.Minute))
		apitest.Fails(t, err, "the proxy cannot be reached", "HTTPS_PROXY")
	}
}

// Close to the end of its context, a request does not wait for its turn.
func TestNoTurnAfterTheEnd(t *testing.T) {
	t.Parallel()
	clock := apitest.NewClock()
	r := newRateLimiter(10, clock)
	r.throttled(time.Minute)
	hurried, cancel := context.WithDeadline(t.Context(), clock.Now().Add(time.Second))
	defer cancel()
	if took, err := r.wait(hurried); took != 0 || err != nil {
		t.Errorf("waited %s, %v", took, err)
	}
	longLived, cancel := context.WithDeadline(t.Context(), time.Now().Add(time.Hour))
	defer cancel()
	if took, err := r.wait(longLived); took != time.Minute || err != nil {
		t.Errorf("waited %s, %v", took, err)
	}
}

// A limit that others use up for longer than a call waits is one event, too: the other
// calls of the run do not wait as long once more, until one succeeds. It is not where
// others get through.
func TestUsedUpLimitIsOneEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var full atomic.Bool
		c, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if full.Load() && !strings.HasSuffix(r.URL.Path, "/other") {
				apitest.Reply(429, apitest.Throttled, "Retry-After", "20")(w, r)
				return
			}
			goodApp(w, r)
		})
		for i, tt := range []struct {
			full, others bool // others get through
			want         time.Duration
		}{
			{true, false, 4 * time.Minute}, {true, false, 0}, {true, false, 0}, {false, false, 0},
			{true, true, 4 * time.Minute}, {true, false, 4 * time.Minute}, {true, false, 0},
		} {
			full.Store(tt.full)
			began := time.Now()
			if tt.others {
				go func() {
					time.Sleep(time.Minute)
					if _, err := c.GetApp(t.Context(), "acme", "other"); err != nil {
						t.Error(err)
					}
				}()
			}
			err := apitest.Err(c.GetApp(t.Context(), "acme", "shop"))
			took := time.Since(began)
			if (err != nil) != tt.full || took < tt.want || took > tt.want+time.Minute+time.Second {
				t.Errorf("call %d: %s, %v", i, took, err)
			}
			if err != nil && ReportOutage(err) != (tt.want == 0) {
				t.Errorf("call %d: reported before: %v", i, tt.want > 0)
			}
		}
	})
}
