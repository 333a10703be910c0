package inventory

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A key follows its app to the new ID, however late listings show that.
func TestMoveKey(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rename  bool
		lag     time.Duration
		created bool
		most    time.Duration
	}{
		"renamed":            {true, 0, false, 0},
		"renamed, late":      {true, 3 * time.Second, false, 4 * time.Second},
		"renamed, very late": {true, 9 * time.Second, false, 10 * time.Second},
		"another app":        {false, 0, true, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameLag: tt.lag}}, "old")
			if !tt.rename {
				s.putApp("new")
			}
			key := s.add("old", "d", wanted.Scopes...)
			inv, _ := s.inBubble(t)
			apitest.Must(t, apitest.Err(inv.Key(t.Context(), keyIn("old", key.Fingerprint()), Checked)))
			if tt.rename {
				apitest.Must(t, apitest.Err(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("old")}, "new")))
			}
			n := wanted
			n.AppID, n.Unless = "new", key.Fingerprint()
			began := time.Now()
			moved, err := inv.CreateKey(t.Context(), n)
			if err != nil || moved.Created != tt.created || (moved.Value == key) == tt.created || moved.AppID != "new" {
				t.Errorf("%s: %+v, %v", name, moved, err)
			}
			if took := time.Since(began); took > tt.most+time.Second {
				t.Errorf("%s: took %s", name, took)
			}
			apitest.Equal(t, len(s.live()), map[bool]int{false: 1, true: 2}[tt.created], "living keys", name)
		})
	}
}

// A key that turns up after the new one was created stays, and the new one is
// revoked.
func TestMoveKeyTurnsUpLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("old", "new")
		key := s.add("old", "d", wanted.Scopes...)
		inv, j := s.inBubble(t)
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			work(w, r)
			must(s.EditKey(key.Reveal(), func(k *emulator.Key) { k.AppID = "new" }))
		}}
		n := wanted
		n.AppID, n.Unless = "new", key.Fingerprint()
		moved, err := inv.CreateKey(t.Context(), n)
		if err != nil || moved.Created || moved.Value != key || len(moved.Surplus) > 0 || len(s.live()) != 1 || j.Count("DELETE", "") != 1 {
			t.Errorf("%+v, %d keys, %v", moved, len(s.live()), err)
		}
		if k, err := inv.Key(t.Context(), keyIn("new", key.Fingerprint()), Checked); err != nil || k.Value != key {
			t.Errorf("%+v, %v", k, err)
		}
	})
}

// However large the account, reading costs no more than about twice the cheaper
// way.
func TestCostFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		wanted, apps, size int // apps that are wanted, apps of one key each in the account beside a PAT, items per page
		most               int // requests
	}{
		"three of many":           {3, 400, 2, 3 + 1 + 2*3},
		"all of a few":            {10, 10, 2, 7},
		"half of all":             {20, 38, 2, 21},
		"a fleet in small pages":  {40, 40, 2, 22},
		"a few of not many pages": {5, 8, 2, 6},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{PageCap: tt.size}}, appNames(tt.apps)...)
			fingerprints := map[string]string{}
			for _, app := range appNames(tt.apps) {
				fingerprints[app] = s.add(app, "k").Fingerprint()
			}
			inv, j := s.inBubble(t)
			together(t, appNames(tt.wanted), func(app string) error {
				return apitest.Err(inv.Key(t.Context(), keyIn(app, fingerprints[app]), Checked))
			})
			if n := len(j.All()); n > tt.most {
				t.Errorf("%s: %d requests, at most %d wanted", name, n, tt.most)
			}
		})
	}
}

// A listing that was given up is continued once more items are wanted.
func TestListingIsContinued(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(60)
		s := newWorldWith(emulator.Options{Switches: emulator.Switches{PageCap: 3}}, names...)
		fingerprints := map[string]string{}
		for _, app := range names {
			fingerprints[app] = s.add(app, "k").Fingerprint()
		}
		inv, j := s.inBubble(t)
		for i := 0; i < len(names); i += 10 {
			together(t, names[i:i+10], func(app string) error {
				return apitest.Err(inv.Key(t.Context(), keyIn(app, fingerprints[app]), Checked))
			})
		}
		// 22 pages, of which 11 cost as much as ten apps. These apps are asked by
		// themselves then, as are those of which no page was read until later.
		if n, listed := len(j.All()), j.Count("GET", "/acme/keys"); listed != 22 || n != 22+2*18 {
			t.Errorf("%d requests, %d of them for the listing", n, listed)
		}
	})
}
