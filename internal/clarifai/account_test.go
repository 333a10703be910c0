package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// together calls f for each name at the same time.
func together(t *testing.T, names []string, f func(name string) error) {
	t.Helper()
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			if err := f(name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
}

func appNames(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("app-%02d", i))
	}
	return names
}

func TestFewReadsAreSingleManyAreOneListing(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]int{1: {1, 0}, 2: {2, 0}, 3: {0, 1}, 51: {0, 1}} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(n)
			s := newStore(names...)
			prints := map[string]string{}
			for _, app := range names {
				prints[app] = s.add(app, "k").Fingerprint()
			}
			c, j := inBubble(t, s.handler(), func(cfg *Config) { cfg.GatherWindow = time.Second })
			for range 2 {
				together(t, names, func(app string) error { return second(c.FindApp(t.Context(), "acme", app)) })
				together(t, names, func(app string) error {
					k, err := c.FindKey(t.Context(), "acme", app, prints[app])
					if err == nil && (k.AppID != app || k.Fingerprint != prints[app]) {
						err = fmt.Errorf("got %s", k.ID())
					}
					return err
				})
				together(t, names, func(app string) error {
					keys, err := c.AppKeys(t.Context(), "acme", app)
					if err == nil && len(keys) != 1 {
						err = fmt.Errorf("%d keys", len(keys))
					}
					return err
				})
			}
			single := 0
			for _, app := range names {
				single += j.count("GET", "/apps/"+app) + j.count("GET", "/apps/"+app+"/keys")
			}
			listings := j.count("GET", "/acme/apps") + j.count("GET", "/acme/keys")
			if single != 2*want[0] || listings != 2*want[1] || len(j.all()) != single+listings {
				t.Errorf("%d apps: %d single reads, %d listings, %d requests", n, single, listings, len(j.all()))
			}
		})
	}
}

// readMany makes the account be listed.
func readMany(t *testing.T, c *Client, names []string) {
	t.Helper()
	together(t, names, func(app string) error { return second(c.FindApp(t.Context(), "acme", app)) })
	together(t, names, func(app string) error { return second(c.AppKeys(t.Context(), "acme", app)) })
}

func TestNoReadHasAKeyInItsURL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore(appNames(4)...)
		key := s.add("app-00", "k")
		c, j := s.inBubble(t)
		readMany(t, c, appNames(4))
		_, _ = c.FindKey(t.Context(), "acme", "app-00", key.Fingerprint())
		_, _ = c.FindMovedKey(t.Context(), "acme", "app-00", key.Fingerprint())
		for _, r := range j.all() {
			if leaks(r.path+"?"+r.query, key.Reveal()) != "" {
				t.Errorf("%s has the key in its URL", r.verb)
			}
		}
	})
}

func TestMissesAreLookedUpSingly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(4)
		s := newStore(names...)
		for _, app := range names {
			s.add(app, "early")
		}
		c, j := s.inBubble(t)
		readMany(t, c, names)
		// Neither was there when the account was listed.
		late := s.add("app-01", "late")
		s.mu.Lock()
		s.apps["app-late"] = "acme"
		s.mu.Unlock()
		began := len(j.all())
		for range 2 {
			if _, err := c.FindKey(t.Context(), "acme", "app-01", late.Fingerprint()); err != nil {
				t.Error(err)
			}
			if _, err := c.FindApp(t.Context(), "acme", "app-late"); err != nil {
				t.Error(err)
			}
		}
		if n := len(j.all()) - began; n != 2 {
			t.Errorf("%d requests for two misses", n)
		}
	})
}

func TestRefusedListingFallsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(5)
		s := newStore(names...)
		s.deny("/acme/apps", 403)
		s.deny("/acme/keys", 403)
		c, j := s.inBubble(t)
		readMany(t, c, names[1:])
		readMany(t, c, names)
		if a, b := j.count("GET", "/acme/apps"), j.count("GET", "/acme/keys"); a != 1 || b != 1 {
			t.Errorf("%d and %d listings", a, b)
		}
		if n := len(j.all()); n != 2+2*5 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestFailedListingIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore(appNames(6)...)
		s.deny("/acme/apps", 500)
		c, j := inBubble(t, s.handler(), func(cfg *Config) { cfg.MaxRetries, cfg.GatherWindow = 1, time.Second })
		var wg sync.WaitGroup
		for range 2 {
			for _, app := range appNames(6) {
				wg.Go(func() {
					if _, err := c.FindApp(t.Context(), "acme", app); !hasCode(err, 98009) {
						t.Errorf("%s: %v", app, err)
					}
				})
			}
			wg.Wait()
		}
		if n := len(j.all()); n != 2 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestOwnWritesAreSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, many := range []bool{false, true} {
			s := newStore(appNames(5)...)
			old := s.add("app-00", "old")
			doomed := s.add("app-01", "doomed")
			c, j := s.inBubble(t)
			if many {
				readMany(t, c, appNames(5))
			} else {
				readMany(t, c, appNames(2))
			}
			ctx := t.Context()

			made, err := c.CreateKey(ctx, NewKey{UserID: "acme", AppID: "app-00", Description: "new", Scopes: []string{"All"}})
			if err != nil {
				t.Fatal(err)
			}
			before, err := c.FindKey(ctx, "acme", "app-00", old.Fingerprint())
			if err != nil {
				t.Fatal(err)
			}
			before.Description = "renewed"
			if _, err := c.PatchKey(ctx, before); err != nil {
				t.Fatal(err)
			}
			if err := c.DeleteKey(ctx, "acme", doomed); err != nil {
				t.Fatal(err)
			}
			began := len(j.all())
			if k, err := c.FindKey(ctx, "acme", "app-00", made.Fingerprint); err != nil || k.Description != "new" {
				t.Errorf("%+v, %v", k, err)
			}
			if k, err := c.FindKey(ctx, "acme", "app-00", old.Fingerprint()); err != nil || k.Description != "renewed" || k.Value != old {
				t.Errorf("%+v, %v", k, err)
			}
			if keys, err := c.AppKeys(ctx, "acme", "app-00"); err != nil || len(keys) != 2 {
				t.Errorf("%d keys, %v", len(keys), err)
			}
			if keys, err := c.AppKeys(ctx, "acme", "app-01"); err != nil || len(keys) != 0 {
				t.Errorf("%d keys, %v", len(keys), err)
			}
			if n := len(j.all()) - began; n != 0 {
				t.Errorf("%d requests to see own writes", n)
			}
			if _, err := c.FindKey(ctx, "acme", "app-01", doomed.Fingerprint()); !errors.Is(err, ErrGone) {
				t.Error(err)
			}

			if _, err := c.PatchApp(ctx, "acme", "app-00", AppPatch{App: App{Description: new("patched")}}); err != nil {
				t.Fatal(err)
			}
			if app, err := c.FindApp(ctx, "acme", "app-00"); err != nil || *app.Description != "patched" {
				t.Errorf("%+v, %v", app, err)
			}
			if app, err := c.FreshApp(ctx, "acme", "app-00"); err != nil || *app.Description != "patched" {
				t.Errorf("%+v, %v", app, err)
			}
			if _, err := c.RenameApp(ctx, "acme", "app-00", "store"); err != nil {
				t.Fatal(err)
			}
			for _, find := range []func(context.Context, string, string) (App, error){c.FindApp, c.FreshApp} {
				if _, err := find(ctx, "acme", "app-00"); !errors.Is(err, ErrGone) {
					t.Errorf("the old id: %v", err)
				}
				if app, err := find(ctx, "acme", "store"); err != nil || app.ID != "store" {
					t.Errorf("the new id: %+v, %v", app, err)
				}
			}
			if k, err := c.FindKey(ctx, "acme", "store", made.Fingerprint); err != nil || k.AppID != "store" {
				t.Errorf("a key after the rename: %+v, %v", k, err)
			}
			if k, err := c.FindMovedKey(ctx, "acme", "store", old.Fingerprint()); err != nil || k.AppID != "store" {
				t.Errorf("a key after the rename: %+v, %v", k, err)
			}
			if err := c.DeleteApp(ctx, "acme", "app-01"); err != nil {
				t.Fatal(err)
			}
			if _, err := c.AppKeys(ctx, "acme", "app-01"); !errors.Is(err, ErrGone) {
				t.Errorf("keys of a deleted app: %v", err)
			}
			if there, err := c.AppExisted(ctx, "acme", "app-01"); there || err != nil {
				t.Errorf("%t, %v", there, err)
			}
			if there, err := c.AppExisted(ctx, "acme", "store"); there || err != nil {
				t.Errorf("%t, %v", there, err)
			}
		}
	})
}

// An app made anew under an id has none of the keys that were listed for it.
func TestReplacedAppStartsWithoutTheOldKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(5)
		s := newStore(names...)
		s.add("app-00", "old")
		c, _ := s.inBubble(t)
		readMany(t, c, names)
		if err := c.DeleteApp(t.Context(), "acme", "app-00"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.CreateApp(t.Context(), "acme", App{ID: "app-00"}); err != nil {
			t.Fatal(err)
		}
		byItself := s.add("app-00", "made with the app")
		keys, err := c.AppKeys(t.Context(), "acme", "app-00")
		if err != nil || len(keys) != 1 || keys[0].Value != byItself {
			t.Errorf("%+v, %v", keys, err)
		}
	})
}

// Asked for keys before it is made, an app has them when it is.
func TestAppThatWasMissingIsReadAgainOnceMade(t *testing.T) {
	t.Parallel()
	s := newStore()
	c, _ := s.serve(t)
	if _, err := c.AppKeys(t.Context(), "acme", "shop"); !errors.Is(err, ErrGone) {
		t.Error(err)
	}
	if _, err := c.CreateApp(t.Context(), "acme", App{ID: "shop"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateKey(t.Context(), NewKey{UserID: "acme", AppID: "shop", Description: "d"}); err != nil {
		t.Error(err)
	}
}

// A user may hold keys of a foreign app that has the id of one of his own.
func TestForeignAppsKeysAreNotOnesOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := okStatus + `,"keys":[{"id":"own","apps":[{"id":"demo","user_id":"acme"}]},{"id":"theirs","apps":[{"id":"demo","user_id":"bob"}]}]}`
		apps := okStatus + `,"apps":[{"id":"a","user_id":"acme"},{"id":"b","user_id":"acme"},{"id":"demo","user_id":"acme"},{"id":"demo","user_id":"bob"}]}`
		c, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/apps") {
				reply(200, apps)(w, r)
				return
			}
			reply(200, body)(w, r)
		})
		together(t, []string{"a", "b", "demo"}, func(app string) error {
			keys, err := c.AppKeys(t.Context(), "acme", app)
			if err == nil && app == "demo" && (len(keys) != 1 || keys[0].Value != "own") {
				err = fmt.Errorf("%d keys", len(keys))
			}
			return err
		})
		together(t, []string{"a", "b", "demo"}, func(app string) error {
			got, err := c.FindApp(t.Context(), "acme", app)
			if err == nil && got.UserID != "acme" {
				err = fmt.Errorf("the app of %s", got.UserID)
			}
			return err
		})
	})
}
