package live

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// organization owns the apps of most tests: only there can app_owner be seen.
const organization = "an-organization"

// start serves an emulator with an organization whose other apps must stay as they
// are. Its clock is that of the run.
func start(t *testing.T, o emulator.Options) (*emulator.Emulator, Options) {
	t.Helper()
	clock := apitest.NewClock()
	o.Now = clock.Now
	e := emulator.New(o)
	e.AddOrganization(organization, e.UserID())
	for _, app := range []string{"production", "tf-provider-liver", "my-tf-provider-live-app"} {
		if err := e.PutApp(emulator.App{ID: app, UserID: organization}); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return e, Options{Clock: clock, Account: cli.Account{URL: server.URL, UserID: organization, PAT: e.PAT()}}
}

// TestProbe asks an emulator under every setting and requires that the run finds
// the one in force.
func TestProbe(t *testing.T) {
	t.Parallel()
	for name, switches := range emulator.Variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, o := start(t, emulator.Options{Switches: switches})
			before := e.Apps(organization)
			findings, err := Probe(t.Context(), o)
			if err != nil {
				t.Error(err)
			}
			want, err := switches.Values()
			if err != nil {
				t.Fatal(err)
			}
			for _, notAsked := range []string{"create_lag", "delete_misses", "foreign_apps", "expires_at", "expired_keys"} {
				want[notAsked] = ""
			}
			if want["rename_keys"] == "dropped" {
				want["rename_lag"] = "" // there are no keys to wait for
			}
			got := map[string]string{}
			for _, f := range findings {
				got[f.Switch] = f.Value
				if f.Value != want[f.Switch] {
					t.Errorf("%s: found %q, it is %q (%s)", f.Switch, f.Value, want[f.Switch], f.Note)
				}
			}
			for _, secret := range e.Secrets() {
				if strings.Contains(fmt.Sprint(findings), secret) {
					t.Error("a finding contains a key")
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d findings for %d switches", len(got), len(want))
			}
			checkUntouched(t, e, before)
		})
	}
}

// checkUntouched fails the test unless the emulator holds exactly the apps that were
// there before.
func checkUntouched(t *testing.T, e *emulator.Emulator, before []emulator.App) {
	t.Helper()
	if after := e.Apps(organization); !reflect.DeepEqual(after, before) {
		t.Errorf("the account's own apps are %+v, they were %+v", after, before)
	}
	if apps, keys := e.LiveApps(), e.LiveKeys(); apps != len(before) || keys != 0 {
		t.Errorf("%d apps and %d keys are left, there were %d apps", apps, keys, len(before))
	}
}

func TestProbe_personalAccount(t *testing.T) {
	t.Parallel()
	_, o := start(t, emulator.Options{})
	o.UserID = ""
	findings, err := Probe(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if open := f.Value == ""; open != (f.Switch == "app_owner" || f.Note == "not asked") {
			t.Errorf("%+v", f)
		}
	}
}

func TestProbe_throttledAndInterrupted(t *testing.T) {
	t.Parallel()
	e, o := start(t, emulator.Options{RequestsPerSecond: 5}) // half of the pace
	before := e.Apps(organization)
	ctx, cancel := context.WithCancel(t.Context())
	clock := &interruptingClock{Clock: o.Clock, after: 120, interrupt: cancel}
	o.Clock = clock
	findings, err := Probe(ctx, o)
	if err != nil {
		t.Error(err)
	}
	open := 0
	for _, f := range findings {
		if f.Value == "" {
			open++
		}
	}
	if open == 0 || open == len(findings) {
		t.Errorf("%d of %d questions are open after an interrupt", open, len(findings))
	}
	checkUntouched(t, e, before)
}

// interruptingClock interrupts the run at one of its waits.
type interruptingClock struct {
	Clock
	after     int
	interrupt func()
}

func (c *interruptingClock) Sleep(ctx context.Context, d time.Duration) error {
	if c.after--; c.after == 0 {
		c.interrupt()
	}
	return c.Clock.Sleep(ctx, d)
}

func TestProbe_wrongPAT(t *testing.T) {
	t.Parallel()
	_, o := start(t, emulator.Options{})
	o.PAT = apitest.NewSecret()
	findings, err := Probe(t.Context(), o)
	if err == nil || len(findings) > 0 || !strings.Contains(err.Error(), "11009") {
		t.Errorf("%v, %v", findings, err)
	}
	if err != nil && strings.Contains(err.Error(), o.PAT) {
		t.Error("the error contains the PAT")
	}
}

func TestSweepLeavesTheRest(t *testing.T) {
	t.Parallel()
	e, o := start(t, emulator.Options{Switches: emulator.Switches{PageCap: 2}})
	before := e.Apps(organization)
	now := o.Clock.Now()
	for id, created := range map[string]time.Time{Prefix + "old-1": now.Add(-2 * time.Hour), Prefix + "old-2": now.Add(-time.Hour), Prefix + "new": now.Add(-time.Minute)} {
		if err := e.PutApp(emulator.App{ID: id, UserID: organization, CreatedAt: created}); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := Sweep(t.Context(), o, time.Hour)
	if want := []string{Prefix + "old-1", Prefix + "old-2"}; err != nil || !reflect.DeepEqual(removed, want) {
		t.Errorf("removed %q, %v; want %q", removed, err, want)
	}
	if removed, err := Sweep(t.Context(), o, 0); err != nil || len(removed) != 1 {
		t.Errorf("removed %q, %v; want the new app", removed, err)
	}
	checkUntouched(t, e, before)
}

// TestListingEnds reads a listing that serves its only page under every number.
func TestListingEnds(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"status":{"code":10000},"apps":[{"id":"a"},{"id":"b"}]}`))
	}))
	t.Cleanup(server.Close)
	o := Options{Clock: apitest.NewClock(), Account: cli.Account{URL: server.URL}}
	if _, err := Sweep(t.Context(), o, 0); err == nil || !strings.Contains(err.Error(), "repeats a page") {
		t.Errorf("%v", err)
	}
}

// TestChangesOnlyOurs checks the guard that every request passes.
func TestChangesOnlyOurs(t *testing.T) {
	t.Parallel()
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent++ }))
	t.Cleanup(server.Close)
	c := newCaller(Options{Clock: apitest.NewClock(), Account: cli.Account{URL: server.URL}})
	for _, apps := range [][]string{nil, {"production"}, {Prefix + "a", "production"}} {
		for _, verb := range []string{"POST", "PATCH", "DELETE"} {
			if _, err := c.do(t.Context(), request{verb: verb, apps: apps}); err == nil || sent > 0 {
				t.Errorf("%s of %q: %v, %d requests", verb, apps, err, sent)
			}
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	unknown, err := Report(&out, []Finding{
		{"page_cap", "37", "a page had 37 of 40 keys"}, {"scopes", "stored", "kept"},
		{"duplicate_app_code", "40099", "HTTP 400"}, {"app_owner", "", "set CLARIFAI_USER_ID"},
	})
	if err != nil || len(unknown) != 1 || unknown[0].Switch != "duplicate_app_code" {
		t.Errorf("unknown: %v, %v", unknown, err)
	}
	want := `SWITCH              FOUND        DEFAULT  SEEN
page_cap            37           0        a page had 37 of 40 keys
scopes              stored       stored   kept
duplicate_app_code  40099 (new)  40010    HTTP 400
app_owner           (open)       path     set CLARIFAI_USER_ID

An emulator that behaves like this account:
  clarifai-emulator -switch page_cap=37
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &out, want)
	}
}
