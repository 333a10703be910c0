package inventory

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A gateway may give up before the backend is done.
func TestLateWorkIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"502": apitest.Reply(502, apitest.HTMLPage), "503": apitest.Reply(503, ""), "504": apitest.Reply(504, ""), "cut": apitest.Cut,
	} {
		for _, delay := range []time.Duration{2 * time.Second, 4 * time.Second, 19 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				s := newWorld("shop")
				s.faults = []fault{workLater(answer, delay)}
				inv, j := s.inBubble(t)
				created, err := inv.CreateKey(t.Context(), wanted)
				live := s.live()
				if err != nil || len(live) != 1 || j.Count("POST", "/keys") != 1 || created.Value.Reveal() != live[0].ID || created.MayAppear > 0 {
					t.Errorf("%s, %s: %d keys by %d POSTs, %v", name, delay, len(live), j.Count("POST", "/keys"), err)
				}
				s.faults = []fault{workLater(answer, delay)}
				app, err := inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "late"})
				if err != nil || app.ID != "late" || j.Count("POST", "/apps") != 1 {
					t.Errorf("%s, %s: %d POSTs of apps: %v", name, delay, j.Count("POST", "/apps"), err)
				}
			})
		}
	}
}

// Waiting costs only those who lost an answer, and not for ever: after three waits
// to no purpose, other creates fail after their first.
func TestFruitlessWaitsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		for range 5 {
			s.faults = append(s.faults, before(apitest.Reply(504, "")))
		}
		inv, j := s.inBubble(t, func(cfg *setup) { cfg.MaxRetries = 3 })
		began := time.Now()
		_, err := inv.CreateKey(t.Context(), wanted)
		if took := time.Since(began).Round(10 * time.Second); err == nil || j.Count("POST", "/keys") != 4 || took != 80*time.Second || !strings.Contains(err.Error(), "gave up after 4 attempts") {
			t.Errorf("%d POSTs in %s: %v", j.Count("POST", "/keys"), took, err)
		}
		other := wanted
		other.Description = "other"
		began = time.Now()
		_, err = inv.CreateKey(t.Context(), other)
		if took := time.Since(began).Round(time.Second); err == nil || j.Count("POST", "/keys") != 5 || took != 20*time.Second {
			t.Errorf("%d POSTs in %s: %v", j.Count("POST", "/keys"), took, err)
		}
		apitest.Must(t, apitest.Err(inv.CreateKey(t.Context(), wanted))) // a success ends it
		s.faults = []fault{before(apitest.Cut)}
		apitest.Must(t, apitest.Err(inv.CreateKey(t.Context(), other)))
	})
}

// Creates that are lost at the same time wait once.
func TestWaitsAtTheSameTimeAreOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(8)
		s := newWorld(names...)
		for range names {
			s.faults = append(s.faults, before(apitest.Cut))
		}
		inv, j := s.inBubble(t)
		together(t, names, func(app string) error { return apitest.Err(inv.CreateKey(t.Context(), wantedIn(app))) })
		apitest.Equal(t, j.Count("POST", "/keys"), 16, "POSTs")
		apitest.Equal(t, len(s.live()), 8, "living keys")
	})
}

// A reindex is paid work: after a lost answer the app is read first.
func TestReindexIsNotSentBlindly(t *testing.T) {
	t.Parallel()
	patch := clarifai.AppPatch{Reindex: true, App: clarifai.App{DefaultWorkflow: &clarifai.WorkflowRef{ID: "Face", UserID: "clarifai", AppID: "main"}}}
	for name, tt := range map[string]struct {
		fault   emulator.Fault
		patches int
	}{
		"done":       {emulator.Fault{Kind: "status_after"}, 1},
		"done late":  {emulator.Fault{Kind: "status_then_work", Latency: 5 * time.Second}, 1},
		"never done": {emulator.Fault{Kind: "status"}, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop")
			tt.fault.Method, tt.fault.HTTPStatus = "PatchApp", http.StatusGatewayTimeout
			s.Inject(tt.fault)
			inv, j := s.inBubble(t)
			app, err := inv.PatchApp(t.Context(), refOf("shop"), patch)
			if err != nil || app.DefaultWorkflow.ID != "Face" || j.Count("PATCH", "/shop") != tt.patches {
				t.Errorf("%s: %d patches: %v", name, j.Count("PATCH", "/shop"), err)
			}
		})
	}
}

// A key that the app's own listing lacked, and that is older than the request, is
// not adopted as its result.
func TestOlderKeysAreNotAdopted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		age   time.Duration
		adopt bool
	}{{0, true}, {time.Second, true}, {10 * time.Second, false}} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop")
			inv, j := inBubble(t, dated(http.HandlerFunc(s.handle)), s.authorize)
			s.faults = []fault{after(func(w http.ResponseWriter, r *http.Request) {
				must(s.EditKey(s.live()[0].ID, func(k *emulator.Key) { k.CreatedAt = k.CreatedAt.Add(-tt.age) }))
				apitest.Cut(w, r)
			})}
			_, err := inv.CreateKey(t.Context(), wanted)
			var ambiguous *AmbiguousError
			if (err == nil) != tt.adopt || !tt.adopt && !errors.As(err, &ambiguous) || j.Count("POST", "/keys") != 1 {
				t.Errorf("%s: %d POSTs, %v", tt.age, j.Count("POST", "/keys"), err)
			}
		})
	}
}

// The keys that an app had under its old ID, and that are listed late under the new
// one, are not taken for the results of a create that got no answer.
func TestLateKeysOfRenamedAppAreNotAdopted(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(http.HandlerFunc) fault{"not done": before, "done": after} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameLag: 2 * time.Second}}, "old")
			for range 2 {
				k := s.add("old", "d", wanted.Scopes...)
				must(s.EditKey(k.Reveal(), func(k *emulator.Key) { k.CreatedAt = time.Now().Add(-time.Minute) }))
			}
			inv, _ := inBubble(t, dated(http.HandlerFunc(s.handle)), s.authorize)
			apitest.Must(t, apitest.Err(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("old")}, wanted.AppID)))
			s.faults = []fault{lose(apitest.Cut)}
			made, err := inv.CreateKey(t.Context(), wanted)
			if live := s.live(); err != nil || len(live) != 3 || live[2].ID != made.Value.Reveal() || len(made.Surplus) != 0 {
				t.Errorf("%s: %d keys, %+v: %v", name, len(live), made, err)
			}
		})
	}
}
