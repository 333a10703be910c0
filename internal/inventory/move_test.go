package inventory

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// lag hides an app's keys from listings for a while.
func (s *store) lag(app string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden[app] = time.Now().Add(d)
}

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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStore("old")
				if !tt.rename {
					s.apps["new"] = "acme"
				}
				key := s.add("old", "d", wanted.Scopes...)
				inv, _ := s.inBubble(t)
				if _, err := inv.FindKey(t.Context(), "acme", "old", key.Fingerprint()); err != nil {
					t.Fatal(err)
				}
				if tt.rename {
					if _, err := inv.RenameApp(t.Context(), "acme", "old", "new"); err != nil {
						t.Fatal(err)
					}
				}
				s.lag("new", tt.lag)
				n := wanted
				n.AppID, n.Unless = "new", key.Fingerprint()
				began := time.Now()
				moved, err := inv.MoveKey(t.Context(), n)
				if err != nil || moved.Created != tt.created || (moved.Value == key) == tt.created || moved.AppID != "new" {
					t.Errorf("%+v, %v", moved, err)
				}
				if took := time.Since(began); took > tt.most+time.Second {
					t.Errorf("took %s", took)
				}
				if want := map[bool]int{false: 1, true: 2}[tt.created]; len(s.live()) != want {
					t.Errorf("%d keys", len(s.live()))
				}
			})
		})
	}
}

// A key that turns up after the new one was created stays, and the new one is
// revoked.
func TestMoveKeyTurnsUpLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("old", "new")
		key := s.add("old", "d", wanted.Scopes...)
		inv, j := s.inBubble(t)
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			work(w, r)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.keys[0].app = "new"
		}}
		n := wanted
		n.AppID, n.Unless = "new", key.Fingerprint()
		moved, err := inv.MoveKey(t.Context(), n)
		if err != nil || moved.Created || moved.Value != key || len(s.live()) != 1 || j.Count("DELETE", "") != 1 {
			t.Errorf("%+v, %d keys, %v", moved, len(s.live()), err)
		}
		if k, err := inv.FindKey(t.Context(), "acme", "new", key.Fingerprint()); err != nil || k.Value != key {
			t.Errorf("%+v, %v", k, err)
		}
	})
}

// Both answers of an account are needed to believe that something in it is gone.
func TestNeitherAnswerIsProofAlone(t *testing.T) {
	t.Parallel()
	scopes, apps := apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`), apitest.Reply(200, apitest.OKStatus+`,"apps":[]}`)
	none := apitest.Reply(404, apitest.NotFound)
	for name, tt := range map[string]struct {
		scopes, apps http.HandlerFunc
		ok           bool
	}{"both": {scopes, apps, true}, "scopes alone": {scopes, none, false}, "listing alone": {none, apps, false}, "none": {none, none, false}} {
		mux := http.NewServeMux()
		mux.HandleFunc("/", none)
		mux.HandleFunc("GET /v2/users/nobody/myscopes", tt.scopes)
		mux.HandleFunc("GET /v2/users/nobody/apps", tt.apps)
		inv, _ := serve(t, mux.ServeHTTP)
		_, err := inv.FindKey(t.Context(), "nobody", "shop", "0123456789abcdef")
		if errors.Is(err, ErrGone) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// However large the account, reading costs no more than about twice the cheaper
// way.
func TestCostFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		wanted, apps, size int // apps that are wanted, apps of one key each in the account, keys per page
		most               int // requests
	}{
		"three of many":           {3, 400, 2, 3 + 1 + 2*3},
		"all of a few":            {10, 10, 2, 6},
		"half of all":             {20, 40, 2, 21},
		"a fleet in small pages":  {40, 40, 1, 41},
		"a few of not many pages": {5, 8, 2, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStore(appNames(tt.apps)...)
				s.pageSize = tt.size
				fingerprints := map[string]string{}
				for _, app := range appNames(tt.apps) {
					fingerprints[app] = s.add(app, "k").Fingerprint()
				}
				inv, j := s.inBubble(t)
				together(t, appNames(tt.wanted), func(app string) error {
					return apitest.Err(inv.FindKey(t.Context(), "acme", app, fingerprints[app]))
				})
				if n := len(j.All()); n > tt.most {
					t.Errorf("%d requests, at most %d wanted", n, tt.most)
				}
			})
		})
	}
}

// A listing that was given up is continued once more items are wanted.
func TestListingIsContinued(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(60)
		s := newStore(names...)
		s.pageSize = 3
		fingerprints := map[string]string{}
		for _, app := range names {
			fingerprints[app] = s.add(app, "k").Fingerprint()
		}
		inv, j := s.inBubble(t)
		for i := 0; i < len(names); i += 10 {
			together(t, names[i:i+10], func(app string) error {
				return apitest.Err(inv.FindKey(t.Context(), "acme", app, fingerprints[app]))
			})
		}
		// 21 pages: 11 for the first ten apps, which are then asked by themselves.
		if n, listed := len(j.All()), j.Count("GET", "/acme/keys"); listed != 21 || n != 21+2*10 {
			t.Errorf("%d requests, %d of them for the listing", n, listed)
		}
	})
}
