package inventory

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestKeyOfARenamedAppIsFound(t *testing.T) {
	t.Parallel()
	for _, listed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(4)
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}}, names...)
			key := s.add("app-00", "k")
			inv, _ := s.inBubble(t)
			must(s.RenameApp("acme", "app-00", "store"))
			if listed {
				readMany(t, inv, names[1:])
			}
			k, err := inv.Key(t.Context(), keyIn("app-00", key.Fingerprint()), Checked)
			if err != nil || k.AppID != "store" || k.Value != key {
				t.Errorf("%s, %v", k.ID(), err)
			}
			_, err = inv.App(t.Context(), refOf("app-00"), Checked)
			if id, moved := clarifai.IsMoved(err); !moved || id != "store" {
				t.Errorf("FindApp: %v", err)
			}
		})
	}
}

// Where an app got the ID that the app of a state's key had, the key is looked for in the
// whole account, and not taken for one that listings show late.
func TestKeyWhoseAppLostItsID(t *testing.T) {
	t.Parallel()
	for _, deleted := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}}, "shop", "other")
			key := s.add("shop", "k")
			inv, _ := s.inBubble(t)
			must(s.RenameApp("acme", "shop", "store"))
			must(s.RenameApp("acme", "other", "shop"))
			apitest.Must(t, apitest.Err(inv.FollowApp(t.Context(), StateApp{AppRef: refOf("other")})))
			if deleted {
				must(s.DeleteKey(key.Reveal()))
			}
			k, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked)
			if deleted != errors.Is(err, ErrGone) || !deleted && (err != nil || k.AppID != "store") {
				t.Errorf("%s, %v", k.ID(), err)
			}
		})
	}
}

// Clarifai may name an app as the renamed one that only took the ID since. The key is
// found in the app that has it, before anybody is told that it was deleted.
func TestKeyWhoseAppLostItsNewID(t *testing.T) {
	t.Parallel()
	for _, deleted := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}}, "shop")
			key := s.add("shop", "k")
			must(s.RenameApp("acme", "shop", "store"))
			must(s.RenameApp("acme", "store", "mall"))
			s.putApp("store")
			if deleted {
				must(s.DeleteKey(key.Reveal()))
			}
			inv, _ := s.inBubble(t)
			k, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked)
			if _, lagging := errors.AsType[*LaggingError](err); lagging != deleted || !deleted && (err != nil || k.AppID != "mall") {
				t.Errorf("%s, %v", k.ID(), err)
			}
		})
	}
}

// An app that does not exist may list no keys instead of not being found, and the account's
// listing may lag behind what became of it.
func TestKeyWhoseMissingAppListsNone(t *testing.T) {
	t.Parallel()
	for _, renamed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameLag: 3 * time.Second}}, "shop")
			key := s.add("shop", "k")
			if other, _ := s.inBubble(t); renamed {
				must(apitest.Err(other.RenameApp(t.Context(), refOf("shop"), "store")))
			} else {
				must(s.RenameApp("acme", "shop", "store"))
				began := time.Now()
				s.listed = func(_ string, k map[string]any) bool {
					k["apps"] = []any{map[string]any{"id": "shop"}}
					return time.Since(began) < 3*time.Second
				}
			}
			inv, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/shop/keys") {
					apitest.Reply(200, apitest.OKStatus+`,"keys":[]}`)(w, r)
					return
				}
				s.handle(w, r)
			}, s.authorize)
			k, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked)
			if renamed == errors.Is(err, ErrGone) || renamed && (err != nil || k.AppID != "store") {
				t.Errorf("renamed %t: %s, %v", renamed, k.ID(), err)
			}
		})
	}
}

// Where another app got the ID that a key's app had, the key is found in an app that a
// state holds, and in any that the account's listing shows it in.
func TestKeyWhoseAppHasAnotherIDByNow(t *testing.T) {
	t.Parallel()
	for _, now := range []string{"there", "deleted", "refused"} {
		for _, others := range []int{0, 3} {
			synctest.Test(t, func(t *testing.T) {
				names := appNames(others)
				s := newWorld(append(names, "shop")...)
				key := s.add("shop", "k")
				must(s.RenameApp("acme", "shop", "store"))
				s.putApp("shop")
				deleted, refused := now == "deleted", now == "refused" && others == 0
				if deleted {
					must(s.DeleteKey(key.Reveal()))
				}
				if refused { // the listing of the other app
					s.Inject(emulator.Fault{Method: "ListAppKeys", Kind: "status", HTTPStatus: 403, Skip: 1, Times: -1})
				}
				inv, _ := s.inBubble(t, func(cfg *setup) {
					cfg.inventory.StateHolds = func(ref clarifai.AppRef) bool { return others == 0 && ref.AppID == "store" }
				})
				apitest.Must(t, apitest.Err(inv.FollowApp(t.Context(), StateApp{AppRef: refOf("store")})))
				readMany(t, inv, names)
				k, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked)
				if lags := !inv.account("acme").about("store").renamedAt.IsZero(); deleted != errors.Is(err, ErrGone) ||
					refused != clarifai.IsRefused(err) || now == "there" && (err != nil || k.AppID != "store" || !lags) {
					t.Errorf("%s, beside %d apps: %s, %v", now, others, k.ID(), err)
				}
			})
		}
	}
}

// A key that the account's listing lacks is found in the app that the missing one probably
// is now, even if another app has its ID.
func TestKeyThatOnlyItsRenamedAppLists(t *testing.T) {
	t.Parallel()
	for _, taken := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop")
			key := s.add("shop", "k")
			inv, _ := s.inBubble(t)
			app, err := inv.App(t.Context(), refOf("shop"), Now)
			apitest.Must(t, err)
			must(s.RenameApp("acme", "shop", "store"))
			if taken {
				time.Sleep(time.Hour)
				s.putApp("shop")
			}
			s.listed = func(path string, _ map[string]any) bool { return strings.Contains(path, "/apps/") }
			inv, _ = s.inBubble(t)
			if _, err := inv.FollowApp(t.Context(), StateApp{AppRef: refOf("shop"), CreatedAt: app.CreatedAt}); !errors.Is(err, ErrGone) {
				t.Error(err)
			}
			if k, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked); err != nil || k.AppID != "store" {
				t.Errorf("taken %t: %s, %v", taken, k.ID(), err)
			}
		})
	}
}

// The account's listing shows where the key of a missing app went. If that listing
// fails, the key is not gone.
func TestFailedListingIsNoProof(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 403} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop")
			key := s.add("shop", "k")
			inv, j := s.inBubble(t)
			must(s.RenameApp("acme", "shop", "store"))
			s.deny("ListKeys", status)
			_, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked)
			if err == nil || errors.Is(err, ErrGone) {
				t.Errorf("HTTP %d: %v", status, err)
			}
			if j.Count("GET", "/acme/keys") == 0 {
				t.Error("nobody looked")
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s := newWorld()
		s.Inject(emulator.Fault{Method: "ListKeys", Kind: "latency", Latency: time.Hour})
		inv, _ := s.inBubble(t)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		if _, err := inv.Key(ctx, keyIn("shop", "fingerprint"), Checked); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > 6*time.Second {
			t.Errorf("after %s: %v", time.Since(started), err)
		}
		cancel()
		<-time.After(2 * time.Hour) // until the read ends that others could have shared
	})
}

// Whatever the size of the server's pages, the search for a key ends only with an
// empty one.
func TestNoKeyIsGoneBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s := newWorldWith(emulator.Options{Switches: emulator.Switches{PageCap: 7}}, "shop")
	inv, j := s.serve(t)
	for range 60 {
		s.add("shop", "k")
	}
	for _, k := range s.live() {
		apitest.Must(t, apitest.Err(inv.Key(t.Context(), keyIn("shop", clarifai.Secret(k.ID).Fingerprint()), Checked)))
	}
	for range 2 {
		apitest.Is(t, apitest.Err(inv.Key(t.Context(), keyIn("shop", "no such fingerprint"), Checked)), ErrGone)
	}
	apitest.Equal(t, len(j.All()), 10+2, "requests to the empty page, and for the account")
	must(s.RenameApp("acme", "shop", "store"))
	s.SetSwitches(emulator.Switches{PageCap: 7, ShiftingPages: true}) // a reading passes over keys
	inv, j = s.serve(t)
	for _, k := range s.live() {
		if k, err := inv.Key(t.Context(), keyIn("shop", clarifai.Secret(k.ID).Fingerprint()), Checked); err != nil || k.AppID != "store" {
			t.Errorf("%s, %v", k.ID(), err)
		}
	}
	listings := j.Count("GET", "/acme/keys")
	apitest.Is(t, apitest.Err(inv.Key(t.Context(), keyIn("mall", "no such fingerprint"), Checked)), ErrGone)
	apitest.Equal(t, j.Count("GET", "/acme/keys"), listings, "requests for the account's listing, which was read to its end")
}

// What Clarifai has shown and then does not find is asked for again, once per app; after
// three that it still does not find, only briefly.
func TestContradictionsAreAskedAgain(t *testing.T) {
	t.Parallel()
	for method, ask := range map[string]func(t *testing.T, inv *Inventory, app string) error{
		"GetApp": func(t *testing.T, inv *Inventory, app string) error {
			return apitest.Err(inv.App(t.Context(), refOf(app), Now))
		},
		"ListAppKeys": func(t *testing.T, inv *Inventory, app string) error {
			return apitest.Err(inv.AppKeys(t.Context(), refOf(app), Now))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(5)
			s := newWorld(names...)
			inv, _ := s.inBubble(t)
			readMany(t, inv, names)
			for n, app := range append(names, names[4], names[4]) {
				if n == 6 { // it was found in between
					s.ClearFaults()
					apitest.Must(t, ask(t, inv, app))
				}
				s.deny(method, 404)
				began := time.Now()
				_, doubt := errors.AsType[*ContradictionError](ask(t, inv, app))
				if took, want := math.Round(time.Since(began).Seconds()), []float64{7, 7, 7, 1, 1, 0, 1}[n]; !doubt || took != want {
					t.Errorf("%s of %s: doubt %t after %s", method, app, doubt, time.Since(began))
				}
			}
		})
	}
}
