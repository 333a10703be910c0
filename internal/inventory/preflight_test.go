package inventory

import (
	"errors"
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

// answerAccount answers the requests of a preflight: the owner, the scopes and the
// listing of apps.
func answerAccount(me, scopes, apps http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/users/me"):
			me(w, r)
		case strings.HasSuffix(r.URL.Path, "/myscopes"):
			scopes(w, r)
		default:
			apps(w, r)
		}
	}
}

// TestPreflight reads what each of the three answers says about the PAT.
func TestPreflight(t *testing.T) {
	t.Parallel()
	var (
		me       = apitest.Reply(200, apitest.OKStatus+`,"user":{"id":"acme"}}`)
		scopes   = apitest.Reply(200, apitest.OKStatus+`,"scopes":["Apps:Get"]}`)
		apps     = apitest.Pages("apps", `{"id":"a"},{"id":"b","user_id":"other"}`)
		notFound = apitest.Reply(404, apitest.NotFound)
		noScope  = apitest.Reply(403, `{"status":{"code":11007}}`)
		badPAT   = apitest.Reply(401, `{"status":{"code":11009}}`)
		busy     = apitest.Reply(429, apitest.Throttled)
		down     = apitest.Reply(503, apitest.HTMLPage)
		proxy    = apitest.Reply(404, apitest.HTMLPage)
	)
	for name, c := range map[string]struct {
		me, scopes, apps http.HandlerFunc
		refused, lacking int // codes
		unanswered       bool
		requests         int
	}{
		"fine":                       {me, scopes, apps, 0, 0, false, 3},
		"PAT refused":                {badPAT, scopes, apps, 11009, 0, false, 2},
		"PAT refused by myscopes":    {me, badPAT, apps, 11009, 0, false, 3},
		"PAT may not ask who it is":  {noScope, scopes, apps, 0, 11007, false, 2},
		"account unknown":            {me, notFound, apps, 11101, 0, false, 2},
		"listing unknown":            {me, scopes, notFound, 11101, 0, false, 3},
		"myscopes not allowed":       {me, noScope, apps, 0, 11007, false, 3},
		"listing not allowed":        {me, scopes, noScope, 0, 11007, false, 3},
		"busy at once":               {busy, scopes, apps, 0, 0, true, 1},
		"busy later":                 {me, busy, apps, 0, 0, true, 2},
		"down":                       {me, scopes, down, 0, 0, true, 3},
		"down, whatever its code":    {me, apitest.Reply(503, `{"status":{"code":11009}}`), apps, 0, 0, true, 2},
		"a proxy's own not found":    {me, proxy, apps, 0, 0, true, 2},
		"a redirect is no answer":    {apitest.Reply(307, ""), scopes, apps, 0, 0, true, 1},
		"not for this method at all": {me, apitest.Reply(400, `{"status":{"code":11103}}`), apps, 0, 0, false, 3},
	} {
		inv, rec := serve(t, answerAccount(c.me, c.scopes, c.apps), func(s *setup) { s.inventory.UserID = "" })
		var found Preflight
		for range 2 {
			found = inv.Preflight(t.Context(), "")
		}
		if c.refused == 0 && found.Refused != nil || c.refused != 0 && !hasCode(found.Refused, c.refused) {
			t.Errorf("%s: refused: %v", name, found.Refused)
		}
		if c.lacking == 0 && found.Lacking != nil || c.lacking != 0 && !hasCode(found.Lacking, c.lacking) {
			t.Errorf("%s: lacking: %v", name, found.Lacking)
		}
		apitest.Equal(t, found.Unanswered != nil, c.unanswered, "unanswered", name, found.Unanswered)
		apitest.Equal(t, len(rec.All()), c.requests, "requests", name)
		var unverified *UnverifiedAccountError
		if errors.As(found.Refused, &unverified) != (c.refused == 11101) {
			t.Errorf("%s: %v", name, found.Refused)
		}
	}
	inv, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/globex/") {
			noScope(w, r)
			return
		}
		answerAccount(me, scopes, apps)(w, r)
	})
	for user, account := range map[string]string{"me": "acme", "globex": "globex"} { // the scopes are those of the PAT's owner
		if p := inv.standing(t.Context(), user); p.Account != account || len(p.Scopes) != 1 {
			t.Errorf("of %s: %+v", user, p)
		}
	}
}

// A listed app costs as many pages as it takes, and what this run has done counts
// more. Nothing is asked of an account that did not answer.
func TestListedApp(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for n := range clarifai.PageSize {
		fmt.Fprintf(&many, `,{"id":"app-%04d"}`, n)
	}
	inv, rec := serve(t, answerAccount(apitest.Cut, apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`),
		apitest.Pages("apps", many.String()[1:], `{"id":"z"},{"id":"foreign","user_id":"other"}`)))
	if _, err := inv.App(t.Context(), refOf("z"), Listed); err == nil || len(rec.All()) != 0 {
		t.Errorf("%v after %d requests", err, len(rec.All()))
	}
	inv.Preflight(t.Context(), "acme")
	for _, c := range []struct {
		id       string
		taken    bool
		requests int
	}{{"app-0007", true, 2}, {"z", true, 3}, {"app-0008", true, 3}, {"foreign", false, 4}, {"none", false, 4}} {
		if _, err := inv.App(t.Context(), refOf(c.id), Listed); (err == nil) != c.taken || len(rec.All()) != c.requests {
			t.Errorf("%s: %v after %d requests", c.id, err, len(rec.All()))
		}
	}
	inv.account("acme").removedApp("z", nil)
	apitest.Is(t, apitest.Err(inv.App(t.Context(), refOf("z"), Listed)), ErrGone)
	app, err := inv.App(t.Context(), refOf("app-0009"), Checked)
	if known := inv.Record(keyIn("app-0009", "")).App; err != nil || app.ID != "app-0009" || known.ID != app.ID || len(rec.All()) != 4 {
		t.Errorf("%+v, known as %+v, %v", app, known, err)
	}
}

// A server that serves small pages does not cost a page per app.
func TestListedApp_smallPages(t *testing.T) {
	t.Parallel()
	inv, rec := serve(t, answerAccount(apitest.Cut, apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`),
		apitest.Pages("apps", `{"id":"a"},{"id":"b"},{"id":"c"}`, `{"id":"d"}`, `{"id":"e"}`, `{"id":"f"}`)))
	inv.Preflight(t.Context(), "acme")
	together(t, []string{"a", "b", "c"}, func(app string) error { return apitest.Err(inv.App(t.Context(), refOf(app), Checked)) })
	apitest.Equal(t, len(rec.All()), 2, "requests for apps that a preflight has shown")
	if _, err := inv.App(t.Context(), refOf("f"), Listed); err == nil || len(rec.All()) != 3 {
		t.Errorf("%d requests", len(rec.All()))
	}
}

// TestPreflight_hangs gives up after five seconds, for all who wait for it.
func TestPreflight_hangs(t *testing.T) {
	t.Parallel()
	for _, user := range []string{"acme", ""} {
		synctest.Test(t, func(t *testing.T) {
			hang := func(http.ResponseWriter, *http.Request) { <-time.After(time.Hour) }
			inv, rec := inBubble(t, hang, func(s *setup) { s.inventory.UserID = user })
			started := time.Now()
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					if found := inv.Preflight(t.Context(), ""); found.Refused != nil || found.UserID != user {
						t.Errorf("%+v", found)
					}
				})
			}
			wg.Wait()
			if d := time.Since(started); d != 5*time.Second || len(rec.All()) != 1 {
				t.Errorf("%d requests in %s", len(rec.All()), d)
			}
			time.Sleep(time.Hour) // lets the server's goroutines end
		})
	}
}
