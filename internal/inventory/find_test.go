package inventory

import (
	"context"
	"errors"
	"fmt"
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

// A key is found where it went with its app, whatever has the app's ID by now, and counts as
// gone only where nothing may show it any longer.
func TestKeyFollowsItsApp(t *testing.T) {
	t.Parallel()
	moved, far := emulator.Switches{RenameOld: "moved"}, appNames(3)
	renames := func(ids ...string) func(*testing.T, *world) {
		return func(_ *testing.T, s *world) {
			for n := range ids[1:] {
				must(s.RenameApp("acme", ids[n], ids[n+1]))
			}
		}
	}
	taken := func(_ *testing.T, s *world) {
		renames("shop", "store")(nil, s)
		time.Sleep(time.Hour)
		s.putApp("shop")
	}
	byItself := func(happens func(*testing.T, *world)) func(*testing.T, *world) { // the account's listing lacks it
		return func(_ *testing.T, s *world) {
			happens(nil, s)
			s.listed = func(path string, _ map[string]any) bool { return strings.Contains(path, "/apps/") }
		}
	}
	refused := func(happens func(*testing.T, *world)) func(*testing.T, *world) { // another app's listing is
		return func(_ *testing.T, s *world) {
			happens(nil, s)
			s.Inject(emulator.Fault{Method: "ListAppKeys", Kind: "status", HTTPStatus: 403, Skip: 1, Times: -1})
		}
	}
	for name, c := range map[string]struct {
		switches emulator.Switches
		happens  func(*testing.T, *world) // to the app shop, which held the key
		none     bool                     // a listing of the keys of shop has none, whether there is such an app or not
		state    string                   // the app that a state holds, which was read before
		held     bool                     // that state has its ID
		others   []string                 // apps whose keys are read before
		want     string                   // the key's app, or a part of the error
		gone     string                   // the same where the key was deleted; empty: not tried
	}{
		"renamed":                {switches: moved, happens: renames("shop", "store"), want: "store", gone: "renamed to store"},
		"renamed, beside others": {switches: moved, happens: renames("shop", "store"), others: far, want: "store"},
		"another got its ID": {switches: moved, happens: func(_ *testing.T, s *world) {
			renames("shop", "store")(nil, s)
			s.putApp("other")
			renames("other", "shop")(nil, s)
		}, state: "other", want: "store", gone: ErrGone.Error()},
		"another got its new ID": {switches: moved, happens: func(_ *testing.T, s *world) {
			renames("shop", "store", "mall")(nil, s)
			s.putApp("store")
		}, want: "mall", gone: "renamed to store"},
		"its ID is taken":         {happens: taken, state: "store", held: true, want: "store", gone: ErrGone.Error()},
		"taken, and nothing held": {happens: taken, state: "store", others: far, want: "store", gone: ErrGone.Error()},
		"taken, listed by itself": {happens: byItself(taken), state: "shop", want: "store", gone: ErrGone.Error()},
		"listed by itself":        {happens: byItself(renames("shop", "store")), state: "shop", want: "store", gone: ErrGone.Error()},
		"taken, and refused":      {happens: refused(taken), state: "store", held: true, want: "11007", gone: "11007"},
		"refused":                 {happens: func(_ *testing.T, s *world) { s.deny("ListAppKeys", 403) }, want: "11007", gone: "11007"},
		"renamed, and refused":    {switches: moved, happens: refused(byItself(renames("shop", "store"))), want: "11007"},
		"shown late": {switches: emulator.Switches{RenameLag: 3 * time.Second}, happens: func(t *testing.T, s *world) {
			inv, _ := s.inBubble(t)
			must(apitest.Err(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("shop")}, "store")))
		}, none: true, want: "store"},
		"shown for too long": {happens: func(_ *testing.T, s *world) {
			renames("shop", "store")(nil, s)
			began := time.Now()
			s.listed = func(_ string, k map[string]any) bool {
				k["apps"] = []any{map[string]any{"id": "shop"}}
				return time.Since(began) < 3*time.Second
			}
		}, none: true, want: ErrGone.Error()},
	} {
		for _, deleted := range []bool{false, true} {
			if deleted {
				c.want = c.gone
			}
			synctest.Test(t, func(t *testing.T) {
				s := newWorldWith(emulator.Options{Switches: c.switches}, far...)
				time.Sleep(time.Hour)
				s.putApp("shop")
				key, created := s.add("shop", "k"), clarifai.Time{Time: time.Now()}
				c.happens(t, s)
				if deleted {
					must(s.DeleteKey(key.Reveal()))
				}
				inv, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
					if c.none && strings.HasSuffix(r.URL.Path, "/shop/keys") {
						apitest.Reply(200, apitest.OKStatus+`,"keys":[]}`)(w, r)
						return
					}
					s.handle(w, r)
				}, s.authorize, func(cfg *setup) {
					cfg.inventory.StateHolds = func(ref clarifai.AppRef) bool { return c.held && ref.AppID == c.state }
				})
				if c.state != "" {
					_, _ = inv.FollowApp(t.Context(), StateApp{AppRef: refOf(c.state), CreatedAt: created})
				}
				readMany(t, inv, c.others)
				k, err := inv.Key(t.Context(), keyIn("shop", key.Fingerprint()), Checked)
				lags := k.AppID == "" || !inv.account("acme").about(k.AppID).renamedAt.IsZero() // what else the app holds
				if got := k.AppID + " " + fmt.Sprint(err); c.want != "" && (!strings.Contains(got, c.want) || (err == nil) != (k.AppID == c.want) || !lags) {
					t.Errorf("%s, deleted %t: %s, may be shown late: %t", name, deleted, got, lags)
				}
			})
		}
	}
}

// The account's listing shows where the key of a missing app went. If that listing
// fails, the key is not gone, unless this run deleted the app and may not list.
func TestFailedListingIsNoProof(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 403} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop", "mall")
			key, other := s.add("shop", "k"), s.add("mall", "k")
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
			apitest.Must(t, apitest.Err(inv.DeleteApp(t.Context(), StateApp{AppRef: refOf("mall")})))
			_, err = inv.Key(t.Context(), keyIn("mall", other.Fingerprint()), Checked)
			apitest.Equal(t, errors.Is(err, ErrGone), status == 403, "gone with its app, HTTP", status)
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
