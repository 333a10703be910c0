package inventory

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestFewReadsAreSingleManyAreOneListing(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]int{1: {1, 0}, 2: {2, 0}, 3: {0, 1}, 51: {0, 1}} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(n)
			s := newWorld(names...)
			fingerprints := map[string]string{}
			for _, app := range names {
				fingerprints[app] = s.add(app, "k").Fingerprint()
			}
			inv, j := s.inBubble(t)
			for range 2 {
				together(t, names, func(app string) error { return apitest.Err(inv.App(t.Context(), refOf(app), Checked)) })
				together(t, names, func(app string) error {
					k, err := inv.Key(t.Context(), keyIn(app, fingerprints[app]), Checked)
					if err == nil && (k.AppID != app || k.Fingerprint != fingerprints[app]) {
						err = fmt.Errorf("got %s", k.ID())
					}
					return err
				})
				together(t, names, func(app string) error {
					keys, err := inv.AppKeys(t.Context(), refOf(app), Checked)
					if err == nil && len(keys) != 1 {
						err = fmt.Errorf("%d keys", len(keys))
					}
					return err
				})
			}
			single := 0 // an app takes one request, its keys two: the last page is empty
			for _, app := range names {
				single += j.Count("GET", "/apps/"+app) + j.Count("GET", "/apps/"+app+"/keys")
			}
			listings := j.Count("GET", "/acme/apps") + j.Count("GET", "/acme/keys")
			if single != 3*want[0] || listings != 4*want[1] || len(j.All()) != single+listings {
				t.Errorf("%d apps: %d single reads, %d listings, %d requests", n, single, listings, len(j.All()))
			}
		})
	}
}

// readMany reads enough to have the account listed.
func readMany(t *testing.T, inv *Inventory, names []string) {
	t.Helper()
	together(t, names, func(app string) error { return apitest.Err(inv.App(t.Context(), refOf(app), Checked)) })
	together(t, names, func(app string) error { return apitest.Err(inv.AppKeys(t.Context(), refOf(app), Checked)) })
}

func TestMissesAreLookedUpSingly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(4)
		s := newWorld(names...)
		for _, app := range names {
			s.add(app, "early")
		}
		inv, j := s.inBubble(t)
		readMany(t, inv, names)
		// Neither existed when the account was listed.
		late := s.add("app-01", "late")
		s.putApp("app-late")
		began := len(j.All())
		for _, fresh := range []Freshness{Checked, Itself} {
			apitest.Must(t, apitest.Err(inv.Key(t.Context(), keyIn("app-01", late.Fingerprint()), Checked)))
			apitest.Must(t, apitest.Err(inv.App(t.Context(), refOf("app-late"), fresh)))
		}
		apitest.Equal(t, len(j.All())-began, 3, "requests for two misses")
		s.add("app-02", "late too")
		countKeys(t, 2)(inv.AppKeys(t.Context(), refOf("app-02"), Checked))
	})
}

// Who wants the whole listing waits for the one that is being read.
func TestListingUnderWayIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld(appNames(5)...)
		inv, j := s.inBubble(t)
		var wg sync.WaitGroup
		for _, app := range appNames(5) {
			wg.Go(func() { _, _ = inv.App(t.Context(), refOf(app), Checked) })
		}
		synctest.Wait()
		apps, err := inv.Apps(t.Context(), "acme", "", Checked)
		wg.Wait()
		if err != nil || len(apps) != 5 || len(j.All()) != 2 {
			t.Errorf("%d apps, %v, %d requests", len(apps), err, len(j.All()))
		}
		readMany(t, inv, appNames(5))
		s.add("app-00", "late")
		countKeys(t, 0)(inv.AppKeys(t.Context(), refOf(""), Checked))
		countKeys(t, 1)(inv.AppKeys(t.Context(), refOf(""), Now))
		s.putApp("late")
		apitest.Must(t, apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "new"})))
		for n, c := range []struct {
			search string
			fresh  Freshness
			want   int
		}{{"", Checked, 6}, {"", Now, 7}, {"late", Now, 1}} {
			apps, err := inv.Apps(t.Context(), "acme", c.search, c.fresh)
			apitest.Must(t, err)
			apitest.Equal(t, len(apps), c.want, "apps", n)
		}
	})
}

func TestRefusedListingFallsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(5)
		s := newWorld(names...)
		s.deny("ListApps", 403)
		s.deny("ListKeys", 403)
		inv, j := s.inBubble(t)
		readMany(t, inv, names[1:])
		readMany(t, inv, names)
		apitest.Equal(t, j.Count("GET", "/acme/apps"), 1, "listings of apps")
		apitest.Equal(t, j.Count("GET", "/acme/keys"), 1, "listings of keys")
		apitest.Equal(t, len(j.All()), 2+2*5, "requests")
	})
}

func TestFailedListingIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld(appNames(6)...)
		s.deny("ListApps", 500)
		inv, j := s.inBubble(t, func(cfg *setup) { cfg.MaxRetries = 1 })
		var wg sync.WaitGroup
		for range 2 {
			for _, app := range appNames(6) {
				wg.Go(func() {
					if _, err := inv.App(t.Context(), refOf(app), Checked); !hasCode(err, 99009) {
						t.Errorf("%s: %v", app, err)
					}
				})
			}
			wg.Wait()
		}
		apitest.Equal(t, len(j.All()), 2, "requests")
	})
}

func TestOwnWritesAreSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, many := range []bool{false, true} {
			s := newWorld(appNames(5)...)
			old := s.add("app-00", "old")
			retired := s.add("app-01", "retired")
			inv, j := s.inBubble(t)
			if many {
				readMany(t, inv, appNames(5))
			} else {
				readMany(t, inv, appNames(2))
			}
			ctx := t.Context()

			made, err := inv.CreateKey(ctx, NewKey{UserID: "acme", AppID: "app-00", Description: "new", Scopes: []string{"All"}})
			apitest.Must(t, err)
			before, err := inv.Key(ctx, keyIn("app-00", old.Fingerprint()), Checked)
			apitest.Must(t, err)
			before.Description = "renewed"
			apitest.Must(t, apitest.Err(inv.PatchKey(ctx, before)))
			apitest.Must(t, inv.DeleteKey(ctx, keyIn("app-01", retired.Fingerprint()), retired))
			began := len(j.All())
			holds(t, func(k clarifai.Key) bool { return k.Description == "new" })(inv.Key(ctx, keyIn("app-00", made.Fingerprint), Checked))
			holds(t, func(k clarifai.Key) bool { return k.Description == "renewed" && k.Value == old })(inv.Key(ctx, keyIn("app-00", old.Fingerprint()), Checked))
			countKeys(t, 2)(inv.AppKeys(ctx, refOf("app-00"), Checked))
			countKeys(t, 0)(inv.AppKeys(ctx, refOf("app-01"), Checked))
			apitest.Equal(t, len(j.All())-began, 0, "requests to see own writes")
			for _, fresh := range []Freshness{Now, Checked} {
				apitest.Is(t, apitest.Err(inv.Key(ctx, keyIn("app-01", retired.Fingerprint()), fresh)), ErrGone)
			}

			apitest.Must(t, apitest.Err(inv.PatchApp(ctx, refOf("app-00"), clarifai.AppPatch{App: clarifai.App{Description: new("patched")}})))
			holds(t, func(app clarifai.App) bool { return *app.Description == "patched" })(inv.App(ctx, refOf("app-00"), Checked))
			holds(t, func(app clarifai.App) bool { return *app.Description == "patched" })(inv.App(ctx, refOf("app-00"), Itself))
			apitest.Must(t, apitest.Err(inv.RenameApp(ctx, StateApp{AppRef: refOf("app-00")}, "store")))
			if old, now := inv.Record(keyIn("app-00", "")).App, inv.Record(keyIn("store", "")).App; old.ID != "" || now.ID != "store" {
				t.Errorf("the old id: %+v, the new one: %+v", old, now)
			}
			for _, fresh := range []Freshness{Listed, Checked, Itself} {
				apitest.Is(t, apitest.Err(inv.App(ctx, refOf("app-00"), fresh)), ErrGone)
				holds(t, func(app clarifai.App) bool { return app.ID == "store" })(inv.App(ctx, refOf("store"), fresh))
			}
			countKeys(t, 2)(inv.AppKeys(ctx, refOf("store"), Listed))
			holds(t, func(k clarifai.Key) bool { return k.AppID == "store" })(inv.Key(ctx, keyIn("store", made.Fingerprint), Checked))
			holds(t, func(k clarifai.Key) bool { return k.AppID == "store" })(inv.Key(ctx, keyIn("store", old.Fingerprint()), Checked))
			dies, err := inv.CreateKey(ctx, wantedIn("app-01"))
			apitest.Must(t, err)
			apitest.Must(t, apitest.Err(inv.DeleteApp(ctx, StateApp{AppRef: refOf("app-01")})))
			apitest.Is(t, apitest.Err(inv.AppKeys(ctx, refOf("app-01"), Checked)), ErrGone)
			apitest.Is(t, apitest.Err(inv.App(ctx, refOf("app-01"), Checked)), ErrGone)
			apitest.Is(t, apitest.Err(inv.Key(ctx, keyIn("app-01", dies.Fingerprint), Checked)), ErrGone)
			// An app that is created again has none of the keys that were listed under its ID.
			apitest.Must(t, apitest.Err(inv.CreateApp(ctx, "acme", clarifai.App{ID: "app-01"})))
			byItself := s.add("app-01", "made with the app")
			holds(t, func(keys []clarifai.Key) bool { return len(keys) == 1 && keys[0].Value == byItself })(inv.AppKeys(ctx, refOf("app-01"), Checked))
			if w := inv.Record(keyIn("store", "")); !w.AppIsNew || w.AppCreated {
				t.Errorf("%+v", w)
			}
		}
	})
}

// Keys that were read before their app existed are read again once it does.
func TestAppThatWasMissingIsReadAgainOnceMade(t *testing.T) {
	t.Parallel()
	s := newWorld()
	inv, _ := s.serve(t)
	apitest.Is(t, apitest.Err(inv.AppKeys(t.Context(), refOf("shop"), Checked)), ErrGone)
	apitest.Must(t, apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "shop"})))
	apitest.Must(t, apitest.Err(inv.CreateKey(t.Context(), NewKey{UserID: "acme", AppID: "shop", Description: "d"})))
}

// A user may have keys of another owner's app that has the ID of one of the user's own.
func TestForeignAppsKeysAreNotOnesOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := apitest.Pages("keys", `{"id":"own","apps":[{"id":"demo","user_id":"acme"}]},{"id":"theirs","apps":[{"id":"demo","user_id":"bob"}]}`)
		apps := apitest.Pages("apps", `{"id":"a","user_id":"acme"},{"id":"b","user_id":"acme"},{"id":"demo","user_id":"acme"},{"id":"demo","user_id":"bob"}`)
		inv, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/apps") {
				apps(w, r)
				return
			}
			keys(w, r)
		})
		together(t, []string{"a", "b", "demo"}, func(app string) error {
			keys, err := inv.AppKeys(t.Context(), refOf(app), Checked)
			if err == nil && app == "demo" && (len(keys) != 1 || keys[0].Value != "own") {
				err = fmt.Errorf("%d keys", len(keys))
			}
			return err
		})
		together(t, []string{"a", "b", "demo"}, func(app string) error {
			got, err := inv.App(t.Context(), refOf(app), Checked)
			if err == nil && got.UserID != "acme" {
				err = fmt.Errorf("the app of %s", got.UserID)
			}
			return err
		})
	})
}

// A listing may omit the owner, who is the account's then, and names the owner of
// the PAT where the account is asked for as me.
func TestOwnersInListings(t *testing.T) {
	t.Parallel()
	for account, owner := range map[string]string{"acme": "", "me": "alice"} {
		synctest.Test(t, func(t *testing.T) {
			var apps []string
			for _, id := range appNames(4) {
				apps = append(apps, fmt.Sprintf(`{"id":%q,"user_id":%q}`, id, owner))
			}
			inv, j := inBubble(t, apitest.Pages("apps", strings.Join(apps, ",")), func(cfg *setup) { cfg.inventory.GatherWindow = time.Second })
			together(t, appNames(4), func(app string) error {
				return apitest.Err(inv.App(t.Context(), clarifai.AppRef{UserID: account, AppID: app}, Checked))
			})
			apitest.Equal(t, len(j.All()), 2, "requests", account)
		})
	}
}
