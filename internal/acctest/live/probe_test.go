package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// organization owns the apps of most tests: only there can app_owner be seen.
const organization = "an-organization"

// world is an emulator in this process, with an organization whose other apps must
// stay as they are. Its clock is that of the run; work that it postpones is done when
// its time has come.
type world struct {
	*emulator.Emulator
	*apitest.Clock
	Options
	t      *testing.T
	before []emulator.App

	sent      int                    // number of requests
	injects   map[int]emulator.Fault // by the number of the request
	interrupt func(sent int)         // called before each request; nil: not
	postponed chan struct{}          // receives when work is postponed
	due       time.Time              // of that work
	wake      chan struct{}
}

func start(t *testing.T, o emulator.Options) *world {
	t.Helper()
	w := &world{t: t, Clock: apitest.NewClock(), postponed: make(chan struct{}), wake: make(chan struct{})}
	o.Now, o.Sleep = w.Now, w.postpone
	w.Emulator = emulator.New(o)
	w.AddOrganization(organization, w.UserID())
	for _, app := range []string{"production", "tf-provider-liver", "my-tf-provider-live-000000-a", "tf-provider-live-mine"} {
		apitest.Must(t, w.PutApp(emulator.App{ID: app, UserID: organization}))
	}
	w.before = w.Apps(organization)
	w.Options = Options{Clock: w, transport: w, Account: cli.Account{URL: "http://localhost", UserID: organization, PAT: w.PAT()}}
	return w
}

// RoundTrip hands a request to the emulator. An interrupted one is carried out, and before
// the run goes on: its clock would not wait for that.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.interrupt != nil {
		w.interrupt(w.sent)
	}
	fault, injected := w.injects[w.sent]
	if injected {
		w.Inject(fault)
	}
	w.sent++
	ctx := r.Context()
	resp, err := apitest.InProcess{Handler: w.Emulator}.RoundTrip(r.WithContext(context.WithoutCancel(ctx)))
	if ctx.Err() != nil {
		resp, err = nil, ctx.Err()
	}
	if injected && strings.HasSuffix(fault.Kind, "then_work") {
		<-w.postponed
	}
	return resp, err
}

func (w *world) postpone(_ context.Context, d time.Duration) {
	w.due = w.Now().Add(d)
	w.postponed <- struct{}{}
	<-w.wake
}

// Sleep moves the clock on.
func (w *world) Sleep(ctx context.Context, d time.Duration) error {
	err := w.Clock.Sleep(ctx, d)
	if !w.due.IsZero() && !w.Now().Before(w.due) {
		w.due = time.Time{}
		w.wake <- struct{}{}
		w.WaitForLateWork()
	}
	return err
}

// left returns the apps and keys that were not there before.
func (w *world) left() (ids []string) {
	w.t.Helper()
	for w.due != (time.Time{}) { // nothing may appear later either
		_ = w.Sleep(w.t.Context(), time.Second)
	}
	after := append(w.Apps(organization), w.Apps(w.UserID())...)
	for _, a := range after {
		if !slices.ContainsFunc(w.before, func(b emulator.App) bool { return reflect.DeepEqual(a, b) }) {
			ids = append(ids, a.ID)
		}
	}
	apitest.Equal(w.t, len(after)-len(ids), len(w.before), "apps that are the account's own", after, w.before)
	for range w.LiveKeys() {
		ids = append(ids, "a key")
	}
	return ids
}

// checkNothingLeft fails the test unless the emulator holds exactly what was there
// before.
func (w *world) checkNothingLeft() {
	w.t.Helper()
	if left := w.left(); len(left) > 0 {
		w.t.Errorf("left: %v", left)
	}
}

// truth returns what a run has to find.
func truth(t *testing.T, s emulator.Switches) map[string]string {
	t.Helper()
	want, err := s.Values()
	apitest.Must(t, err)
	maps.Copy(want, otherBehaviors)
	if want["rename_keys"] == "dropped" {
		want["rename_lag"] = "" // there are no keys to wait for
	}
	if want["expires_at"] != "stored" {
		want["expired_keys"] = ""
	}
	return want
}

// TestProbe asks an emulator under every setting and requires that the run finds
// the one in force.
func TestProbe(t *testing.T) {
	t.Parallel()
	settings := emulator.Variants()
	settings["rename_lag=45s"] = emulator.Switches{RenameLag: 45 * time.Second}
	settings["strangers"] = emulator.Switches{ForeignAccount: "refused", ForeignApps: "public", Enums: "names"}
	for name, switches := range settings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, emulator.Options{Switches: switches})
			findings, err := Probe(t.Context(), w.Options)
			if err != nil {
				t.Error(err)
			}
			want := truth(t, switches)
			for _, f := range findings {
				apitest.Equal(t, f.Value, want[f.Name], "value of", f.Name, f.Note)
				apitest.Equal(t, f.Unanswerable, f.Value == "", "unanswerable:", f.Name, f.Note)
			}
			apitest.Equal(t, len(findings), len(want), "findings")
			for _, secret := range w.Secrets() {
				if strings.Contains(fmt.Sprint(findings), secret) {
					t.Error("a finding contains a key")
				}
			}
			w.checkNothingLeft()
		})
	}
}

// lies are faults after which a run may find what is not true: a definite answer counts.
var lies = []string{"status404"}

// TestProbe_faults meets each request with a fault. The first changes of apps, and all
// requests at the end, meet each kind; another request meets one of them, and all changes
// of apps meet late work. Whatever happens, nothing is left, or named with an error;
// and an error that passes is never taken for a behavior.
func TestProbe_faults(t *testing.T) {
	t.Parallel()
	kinds := map[string]emulator.Fault{
		"status500": {Kind: "status", HTTPStatus: 500}, "status_after": {Kind: "status_after", HTTPStatus: 502}, "cut_before": {Kind: "cut_before"},
		"cut_after": {Kind: "cut_after"}, "then_work": {Kind: "status_then_work", Latency: 7 * time.Second}, "html": {Kind: "html"},
		"throttled": {Kind: "status", HTTPStatus: 429}, "status404": {Kind: "status", HTTPStatus: 404},
	}
	names := []string{"status500", "status_after", "cut_before", "cut_after", "then_work", "html", "throttled", "status404"}
	clean := start(t, emulator.Options{})
	clean.keys = 3
	apitest.Must(t, apitest.Err(Probe(t.Context(), clean.Options)))
	want := truth(t, emulator.Switches{})
	requests, changes := clean.Requests(), map[string]int{}
	for n, r := range requests {
		change := r.Verb != http.MethodGet && strings.Contains(r.Method, "App")
		changes[r.Method]++
		every := change && changes[r.Method] <= 3 || n >= len(requests)-8
		for i, name := range names {
			if !every && n%len(names) != i && !(change && name == "then_work") {
				continue
			}
			t.Run(fmt.Sprintf("%03d %s %s", n, r.Method, name), func(t *testing.T) {
				t.Parallel()
				w := start(t, emulator.Options{})
				w.keys, w.injects = 3, map[int]emulator.Fault{n: kinds[name]}
				findings, err := Probe(t.Context(), w.Options)
				for _, id := range w.left() {
					apitest.Fails(t, err, id)
				}
				for _, f := range findings {
					if f.Value != "" && f.Value != want[f.Name] && !slices.Contains(lies, name) {
						t.Errorf("%s: found %q, it is %q (%s)", f.Name, f.Value, want[f.Name], f.Note)
					}
				}
			})
		}
	}
}

// TestProbe_faultsThatStay shows that a run which cannot remove what it created fails
// and names it.
func TestProbe_faultsThatStay(t *testing.T) {
	t.Parallel()
	for _, fault := range []emulator.Fault{
		{Method: "DeleteApp", Kind: "status", HTTPStatus: 500}, {Method: "DeleteApp", Kind: "status", HTTPStatus: 404},
		{Method: "DeleteApp", Kind: "cut_before"}, {Method: "ListApps", Kind: "html", Skip: 1}, {Method: "ListKeys", Kind: "status", HTTPStatus: 503},
		{Kind: "cut_before", Skip: 40},
	} {
		fault.Times = -1
		w := start(t, emulator.Options{})
		w.Inject(fault)
		w.keys = 3
		_, err := Probe(t.Context(), w.Options)
		apitest.Fails(t, err, "make sweep")
		for _, id := range w.left() {
			if id != "a key" && !strings.Contains(err.Error(), id) {
				t.Errorf("%+v: %s is left and not named: %v", fault, id, err)
			}
		}
		w.ClearFaults()
		if _, err := Sweep(t.Context(), w.Options, 0); err != nil {
			t.Error(err)
		}
		w.checkNothingLeft()
	}
}
