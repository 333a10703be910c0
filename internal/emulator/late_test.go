package emulator

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// TestAnswerFirstAndWorkLater covers the faults whose work follows the answer.
func TestAnswerFirstAndWorkLater(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault  Fault
		answer refusal
		cut    bool
	}{
		{fault: Fault{Kind: "status_then_work"}, answer: refusal{504, codeInternal}},
		{fault: Fault{Kind: "status_then_work", HTTPStatus: 503}, answer: refusal{503, codeInternal}},
		{fault: Fault{Kind: "status_then_work", Code: codeThrottled}, answer: refusal{429, codeThrottled}},
		{fault: Fault{Kind: "cut_then_work"}, cut: true},
	} {
		slept := make(chan time.Duration, 1)
		wake := make(chan struct{})
		b := newFixture(t, Options{Sleep: func(_ context.Context, d time.Duration) {
			slept <- d
			<-wake
		}})
		b.app("a")
		c.fault.Method, c.fault.Latency = "PostKeys", time.Minute
		b.e.Inject(c.fault)
		g, err := b.send("POST", "/v2/users/u/keys", keyBody("a", "All"))
		if (err != nil) != c.cut || !c.cut && (refusal{g.http, g.code()}) != c.answer {
			t.Errorf("%+v: error %v, HTTP %d: %s", c.fault, err, g.http, g.raw)
		}
		if d := <-slept; d != time.Minute || b.e.LiveKeys() != 0 {
			t.Errorf("%+v: %d keys before %s", c.fault, b.e.LiveKeys(), d)
		}
		b.ok("GET", "/v2/users/u/apps", nil) // other requests go on meanwhile
		close(wake)
		b.e.WaitForLateWork()
		apitest.Equal(t, b.e.LiveKeys(), 1, "living keys", c.fault)
		apitest.Equal(t, b.e.Count("PostKeys"), 1, "requests: PostKeys", c.fault)
		if r := b.e.Requests()[1]; r.Status != c.answer.http || r.Code != c.answer.code {
			t.Errorf("%+v: logged %+v", c.fault, r)
		}
	}
}

// answerWriter calls onAnswer before an answer is sent.
type answerWriter struct {
	*httptest.ResponseRecorder
	onAnswer func()
}

func (w answerWriter) WriteHeader(status int) {
	w.onAnswer()
	w.ResponseRecorder.WriteHeader(status)
}

func TestLateWorkDoesNotOvertakeTheAnswer(t *testing.T) {
	t.Parallel()
	e := New(Options{UserID: "u"})
	e.Inject(Fault{Kind: "status_then_work"})
	w := answerWriter{httptest.NewRecorder(), func() {
		e.WaitForLateWork()
		apitest.Equal(t, e.LiveApps(), 0, "apps before the answer")
	}}
	r := httptest.NewRequest("POST", "/v2/users/u/apps", strings.NewReader(`{"apps":[{"id":"a"}]}`))
	r.Header.Set("Authorization", "Key "+e.PAT())
	r.Header.Set("Content-Type", "application/json")
	e.ServeHTTP(w, r)
	e.WaitForLateWork()
	if w.Code != 504 || !w.Flushed || e.LiveApps() != 1 {
		t.Errorf("HTTP %d, flushed %t, %d apps", w.Code, w.Flushed, e.LiveApps())
	}
}

// TestLateWorkIsAuthorizedLate shows that the work sees the state of its own time.
func TestLateWorkIsAuthorizedLate(t *testing.T) {
	t.Parallel()
	wake := make(chan struct{})
	b := newFixture(t, Options{Sleep: func(context.Context, time.Duration) { <-wake }})
	b.app("a")
	late := b.as(b.e.AddUser("u"))
	b.e.Inject(Fault{Method: "PostKeys", Kind: "status_then_work", Times: 2, Latency: time.Second})
	b.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{504, codeInternal})
	late.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{504, codeInternal})
	apitest.Must(t, b.e.DeleteKey(late.pat))
	close(wake)
	b.e.WaitForLateWork()
	apitest.Equal(t, b.e.LiveKeys(), 1, "keys of the token that still exists")
}

func TestCloseDropsLateWork(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	e, err := Open(path, Options{UserID: "u"})
	apitest.Must(t, err)
	b := serve(t, e)
	b.app("a")
	b.e.Inject(Fault{Method: "PostKeys", Kind: "cut_then_work", Times: -1, Latency: time.Hour})
	if _, err := b.send("POST", "/v2/users/u/keys", keyBody("a")); err == nil {
		t.Error("the connection was not cut")
	}
	apitest.Must(t, e.Close())
	_, _ = b.send("POST", "/v2/users/u/keys", keyBody("a"))
	e.WaitForLateWork()
	apitest.Equal(t, e.LiveKeys(), 0, "keys")
}

// TestCloseWaitsForRunningWork shows that work that has begun is not lost.
func TestCloseWaitsForRunningWork(t *testing.T) {
	t.Parallel()
	l := newLateWork()
	begun := make(chan struct{})
	finished := false
	l.start(0, sleep, func() {
		close(begun)
		<-l.ctx.Done()
		for range 1000 { // long enough for a close that does not wait
			runtime.Gosched()
		}
		finished = true
	})
	<-begun
	l.close()
	if !finished {
		t.Error("close did not wait")
	}
	l.start(0, sleep, func() { t.Error("work began after close") })
	l.wait()
}
