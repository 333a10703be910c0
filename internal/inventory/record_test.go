package inventory

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// What this run wrote, or an answer about the thing itself showed, counts more than a
// listing.
func TestListingsAreCorrected(t *testing.T) {
	t.Parallel()
	inv := newSetup().create(t, nil)
	a := inv.account("acme")
	app := func(id, description string) clarifai.App {
		return clarifai.App{UserID: "acme", ID: id, Description: &description}
	}
	key := func(app, fingerprint, description string) clarifai.Key {
		return clarifai.Key{UserID: "acme", AppID: app, Fingerprint: fingerprint, Description: description}
	}
	a.wroteApp(app("written", "by this run"))
	a.removedApp("removed", nil)
	a.sawApp("asked", app("asked", "as it said"), nil)
	a.app("asked").self.itself = answer{asked: true}
	a.wroteKey(key("written", "w", "by this run"), false)
	a.wroteKey(key("written", "unlisted", "by this run"), true)
	a.wroteKey(key("written", "r", "by this run"), true)
	a.revokedKey("r", true)

	listed := map[string]clarifai.Key{}
	for _, k := range []clarifai.Key{
		key("written", "w", "as listed"), key("written", "r", "as listed"), key("removed", "g", "as listed"), key("other", "o", "as listed"),
	} {
		listed[k.Fingerprint] = k
	}
	got := ""
	a.sawAppKeys("written", []clarifai.Key{listed["w"]}, a.nextListing())
	a.sawKeys([]clarifai.Key{listed["o"]}, 0)
	for _, k := range append(a.knownKeys(listed), a.knownKeys(nil)...) {
		got += k.Fingerprint + " " + k.Description + ", "
	}
	apitest.Equal(t, got, strings.Repeat("o as listed, unlisted by this run, w by this run, ", 2), "keys")
	a.sawApp("other", clarifai.App{}, errNotFound)
	if _, known := a.knownKey("other", "o"); known {
		t.Error("a listing of the account shows a key of a missing app")
	}
	a.sawApps([]clarifai.App{app("written", "as listed"), app("removed", "as listed"), app("asked", "as listed"), app("other", "as listed")})
	got = ""
	for _, app := range a.knownApps(nil) {
		got += app.ID + " " + *app.Description + ", "
	}
	apitest.Equal(t, got, "asked as it said, other as listed, written by this run, ", "apps")
	var many []clarifai.Key // newest first
	for n := range 40 {
		many = append(many, clarifai.Key{AppID: "many", Fingerprint: string(rune('A' + n)), CreatedAt: clarifai.Time{Time: time.Unix(int64(-n), 0)}})
	}
	a.sawAppKeys("many", many, a.nextListing())
	slices.Reverse(many)
	apitest.Equal(t, a.appKeys("many"), many, "keys, oldest first")
}

// A key is in one app: in that whose own listing showed it last, or, until one does, in that
// which the account's listing shows. It is noted whom it succeeds.
func TestKeyIsInOneApp(t *testing.T) {
	t.Parallel()
	inv := newSetup().create(t, []func(*setup){func(cfg *setup) {
		cfg.inventory.CutMark = func(text string) (string, string) {
			plain, before, _ := strings.Cut(text, " after ")
			return plain, before
		}
	}})
	a := inv.account("acme")
	in := func(app string) []clarifai.Key {
		return []clarifai.Key{{UserID: "acme", AppID: app, Fingerprint: "k", Description: "d after p"}}
	}
	for n, step := range []struct {
		sees func()
		want [2]int // keys in each app
	}{
		{func() { a.sawAppKeys("old", in("old"), a.nextListing()) }, [2]int{1, 0}},
		{func() { a.sawKeys(in("new"), 0) }, [2]int{1, 0}},
		{func() { a.sawAppKeys("old", nil, a.nextListing()) }, [2]int{0, 0}},
		{func() { a.sawKeys(in("new"), 0) }, [2]int{0, 1}},
		{func() { a.sawAppKeys("old", in("old"), a.nextListing()) }, [2]int{1, 0}},
	} {
		step.sees()
		apitest.Equal(t, [2]int{len(a.appKeys("old")), len(a.appKeys("new"))}, step.want, "keys after", n)
	}
	apitest.Equal(t, len(inv.Record(keyIn("old", "p")).Successors), 1, "successors")
}

// An answer that was under way when another app got the ID is not that app's.
func TestAnswerAboutAnEarlierApp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		s.add("shop", "k")
		var asked atomic.Bool
		inv, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/apps/store/keys") && !asked.Swap(true) {
				<-time.After(time.Minute)
				apitest.Reply(404, apitest.NotFound)(w, r)
				return
			}
			s.handle(w, r)
		}, s.authorize, func(cfg *setup) { cfg.RequestTimeout = time.Hour })
		go func() { _, _ = inv.AppKeys(t.Context(), refOf("store"), Itself) }()
		synctest.Wait()
		apitest.Must(t, apitest.Err(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("shop")}, "store")))
		began := time.Now()
		if keys, err := inv.AppKeys(t.Context(), refOf("store"), Itself); err != nil || len(keys) != 1 || time.Since(began) > time.Second {
			t.Errorf("%d keys, %v, after %s", len(keys), err, time.Since(began))
		}
		time.Sleep(time.Hour)
	})
}

// A key of several apps is one of each, and of no app alone. What an app's own listing
// lacks, a listing of the account does not bring back.
func TestSharedKeys(t *testing.T) {
	t.Parallel()
	inv := newSetup().create(t, nil)
	a := inv.account("acme")
	shared := clarifai.Key{UserID: "acme", AppID: "shop", AlsoIn: []clarifai.AppRef{refOf("mall"), {UserID: "globex", AppID: "inn"}}, Fingerprint: "s"}
	own := clarifai.Key{UserID: "acme", AppID: "shop", Fingerprint: "o"}
	check := func(when, want string) {
		t.Helper()
		got := ""
		for _, app := range []string{"shop", "mall", "inn", ""} {
			for _, k := range inv.SharedKeys(refOf(app)) {
				got += app + ":" + k.AppID + " "
			}
		}
		apitest.Equal(t, got, want, when)
	}
	page := []clarifai.Key{shared, own, {UserID: "globex", AppID: "shop", Fingerprint: "g"}}
	if rest := a.sawKeys(page, 0); len(rest) != 1 || rest[0].Fingerprint != "o" || len(a.appKeys("shop")) != 1 {
		t.Errorf("%+v", rest)
	}
	check("listed", "shop:shop mall:mall :mall :shop ")
	apitest.Equal(t, len(a.sawSharedIn("shop", []clarifai.Key{own}, true)), 1, "the rest")
	a.sawAppKeys("shop", []clarifai.Key{own}, a.nextListing())
	a.sawKeys(page, a.nextListing())
	check("lacking in one app", "mall:mall :mall ")
	a.sawSharedIn("shop", nil, true)
	a.sawSharedIn("shop", []clarifai.Key{shared}, false)
	a.removedApp("mall", nil)
	a.sawKeys(page, a.nextListing())
	check("on a second page, and the other app deleted", "shop:shop :shop ")
}
