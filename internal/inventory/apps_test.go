package inventory

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestCreateApp(t *testing.T) {
	t.Parallel()
	invalid := apitest.Reply(400, `{"status":{"code":11102,"description":"Invalid request","details":"bad id"}}`)
	race := func(s *world, answer http.HandlerFunc) fault {
		return before(func(w http.ResponseWriter, r *http.Request) {
			s.putApp("new")
			answer(w, r)
		})
	}
	for name, tt := range map[string]struct {
		faults func(*world) []fault
		posts  int
		want   string // part of the error
	}{
		"no fault":   {posts: 1},
		"cut after":  {func(*world) []fault { return []fault{after(apitest.Cut)} }, 1, ""},
		"502 after":  {func(*world) []fault { return []fault{after(apitest.Reply(502, apitest.HTMLPage))} }, 1, ""},
		"cut before": {func(*world) []fault { return []fault{before(apitest.Cut)} }, 2, ""},
		"lost again and again": {func(*world) []fault {
			return []fault{before(apitest.Cut), before(apitest.Reply(500, "")), after(apitest.Cut)}
		}, 3, ""},
		"throttled":    {func(*world) []fault { return []fault{before(apitest.Reply(429, apitest.Throttled))} }, 2, ""},
		"taken before": {func(s *world) []fault { s.putApp("new"); return nil }, 0, ErrAppExists.Error()},
		"renamed away before": {func(s *world) []fault {
			s.SetSwitches(emulator.Switches{RenameOld: "moved"})
			s.putApp("new")
			must(s.RenameApp("acme", "new", "elsewhere"))
			return nil
		}, 1, ""},
		"taken meanwhile, 40010":     {func(s *world) []fault { return []fault{race(s, s.ServeHTTP)} }, 1, ErrAppExists.Error()},
		"taken meanwhile, 11102":     {func(s *world) []fault { return []fault{race(s, invalid)} }, 1, ErrAppExists.Error()},
		"refused":                    {func(*world) []fault { return []fault{before(invalid)} }, 1, "bad id"},
		"not known whether it is":    {func(s *world) []fault { s.deny("GetApp", 500); return nil }, 0, "99009"},
		"the PAT may not":            {func(s *world) []fault { s.deny("GetApp", 403); return nil }, 0, "11007"},
		"answer without the new app": {func(*world) []fault { return []fault{after(apitest.Reply(200, apitest.OKStatus+`,"apps":[]}`))} }, 1, ""},
	} {
		s := newWorld()
		if tt.faults != nil {
			s.faults = tt.faults(s)
		}
		inv, j := s.serve(t, func(cfg *setup) { cfg.MaxRetries = 3 })
		app, err := inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "new"})
		if tt.want == "" && (err != nil || app.ID != "new" || app.UserID != "acme" || s.LiveApps() == 0) {
			t.Errorf("%s: %+v, %v", name, app, err)
		}
		if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Error(name, err)
		}
		apitest.Equal(t, j.Count("POST", "/apps"), tt.posts, "POSTs", name)
	}
}

// What Clarifai created for another owner is deleted again, but not what was only found.
// The alias me stands for whoever the answer names.
func TestCreatedForAnotherOwner(t *testing.T) {
	t.Parallel()
	var (
		app      = apitest.Reply(200, apitest.OKStatus+`,"apps":[{"id":"new","user_id":"alice"}]}`)
		key      = apitest.Reply(200, apitest.OKStatus+`,"keys":[{"id":"k","description":"d","apps":[{"id":"shop","user_id":"alice"}]}]}`)
		found    = apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"new","user_id":"alice","description":"d"}}`)
		empty    = apitest.Reply(200, apitest.OKStatus+`,"keys":[],"apps":[]}`)
		notFound = apitest.Reply(404, apitest.NotFound)
		deleted  = apitest.Reply(200, apitest.OK)
		refused  = apitest.Reply(403, `{"status":{"code":11007,"description":"insufficient scopes"}}`)
	)
	newApp := func(inv *Inventory, user string) (string, error) {
		app, err := inv.CreateApp(t.Context(), user, clarifai.App{ID: "new"})
		return app.UserID, err
	}
	newKey := func(inv *Inventory, _ string) (string, error) {
		k, err := inv.CreateKey(t.Context(), wanted)
		return k.UserID, err
	}
	for name, c := range map[string]struct {
		create       func(inv *Inventory, user string) (owner string, err error)
		user         string
		get, again   http.HandlerFunc // before and after the POST
		post, remove http.HandlerFunc
		deletes      string // part of the path; empty: nothing
		left, says   string // parts of the errors
	}{
		"an app":                  {newApp, "acme", notFound, notFound, app, deleted, "/v2/users/alice/apps/new", "", "deleted again"},
		"an app that stays":       {newApp, "acme", notFound, notFound, app, refused, "/v2/users/alice/apps/new", "11007", "and it was not deleted: DeleteApp"},
		"an app that was found":   {newApp, "acme", notFound, found, apitest.Cut, deleted, "", "before", "it was not deleted: it may have existed before"},
		"an app of who is called": {newApp, "me", notFound, notFound, app, deleted, "", "", ""},
		"a key":                   {newKey, "acme", empty, empty, key, deleted, "/v2/users/alice/keys/k", "", "deleted again"},
	} {
		var posted atomic.Bool
		inv, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodDelete:
				c.remove(w, r)
			case r.Method == http.MethodPost:
				posted.Store(true)
				c.post(w, r)
			case posted.Load():
				c.again(w, r)
			default:
				c.get(w, r)
			}
		})
		got, err := c.create(inv, c.user)
		if c.says == "" && (err != nil || got != "alice") {
			t.Errorf("%s: of %q, %v", name, got, err)
		}
		if owner, isOwner := errors.AsType[*OwnerError](err); c.says != "" && (!isOwner || owner.Asked != "acme" || owner.Got != "alice" ||
			(owner.Left != nil) != (c.left != "") || owner.Left != nil && !strings.Contains(owner.Left.Error(), c.left) ||
			!strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
		if n := j.Count("DELETE", ""); n != j.Count("DELETE", c.deletes) || (n == 1) != (c.deletes != "") {
			t.Errorf("%s: %d deletions", name, n)
		}
	}
}

// A success that does not show what was changed is still one, and what was
// changed is read.
func TestSuccessWithoutContent(t *testing.T) {
	t.Parallel()
	s := newWorld("shop")
	value := s.add("shop", "d", "Predict")
	inv, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			s.handle(discard{}, r)
			apitest.Reply(200, apitest.OK)(w, r)
			return
		}
		answer := httptest.NewRecorder()
		s.handle(answer, r)
		apitest.Reply(answer.Code, editKeys(answer.Body.Bytes(), "", func(_ string, k map[string]any) bool {
			if r.Method == http.MethodPost {
				delete(k, "endpoints")
			}
			return true
		}))(w, r)
	}, s.authorize)
	n := wanted
	n.Endpoints = []string{clarifai.EndpointPrefix + "GetApp"}
	holds(t, func(k CreatedKey) bool { return slices.Equal(k.Endpoints, n.Endpoints) })(inv.CreateKey(t.Context(), n))
	holds(t, func(k clarifai.Key) bool { return k.Description == "d" && len(k.Scopes) == 1 })(inv.PatchKey(t.Context(), clarifai.Key{Value: value, UserID: "acme", AppID: "shop"}))
	holds(t, func(a clarifai.App) bool { return a.Description != nil })(inv.PatchApp(t.Context(), refOf("shop"), clarifai.AppPatch{}))
	holds(t, func(a clarifai.App) bool { return a.ID == "store" && a.Description != nil })(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("shop")}, "store"))
}

func TestMayDeleteApp(t *testing.T) {
	t.Parallel()
	var (
		refused = apitest.Reply(403, `{"status":{"code":11007,"description":"API key has insufficient scopes"}}`)
		app     = apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"shop"}}`)
	)
	for name, c := range map[string]struct {
		counts, app http.HandlerFunc
		want        clarifai.Counts
		fails       func(error) bool
	}{
		"counts": {apitest.Reply(200, apitest.OKStatus+`,"inputs":"12","models":4,"pipelines":null}`), nil,
			clarifai.Counts{Inputs: 12, Models: 4}, func(err error) bool { return errors.Is(err, ErrNotEmpty) }},
		"counts of the app": {refused, apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"shop","extra_info":{"counts":{"inputs":"12345678901"}}}}`),
			clarifai.Counts{Inputs: 12345678901}, func(err error) bool { return errors.Is(err, ErrNotEmpty) }},
		"no counts": {refused, app, clarifai.Counts{}, func(err error) bool { return errors.Is(err, ErrNoCounts) && clarifai.IsInsufficientScopes(err) }},
		"not found": {apitest.Reply(404, apitest.NotFound), app, clarifai.Counts{}, func(err error) bool { return errors.As(err, new(*ContradictionError)) }},
	} {
		inv, j := serve(t, apitest.Answers(c.counts, c.app))
		if n, err := inv.MayDeleteApp(t.Context(), refOf("shop")); n != c.want || !c.fails(err) {
			t.Errorf("%s: %+v, %v", name, n, err)
		}
		if requests := j.All(); name == "counts of the app" && requests[1].Query != "additional_fields=counts" {
			t.Errorf("asked for %q", requests[1].Query)
		}
	}
}

// TestIDThatIsGivenAway: an app gets the ID of one that this run deletes, or renames, before
// the answer to that comes.
func TestIDThatIsGivenAway(t *testing.T) {
	t.Parallel()
	at := func(hours int) clarifai.Time {
		return clarifai.Time{Time: time.Unix(0, 0).Add(time.Duration(hours) * time.Hour)}
	}
	for name, c := range map[string]struct {
		deletes, gone bool // the app y; it does not exist any longer
		lost          bool // the answer
		apps          int
	}{
		"renamed, slowly":    {apps: 2},
		"renamed, lost":      {lost: true, apps: 2},
		"deleted, slowly":    {deletes: true, apps: 1},
		"deleted, lost":      {deletes: true, lost: true, apps: 1},
		"deleted beforehand": {deletes: true, gone: true, apps: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{RenameLag: 3 * time.Second}})
			must(s.PutApp(emulator.App{UserID: "acme", ID: "x", CreatedAt: at(1).Time}))
			must(s.PutApp(emulator.App{UserID: "acme", ID: "y", CreatedAt: at(2).Time}))
			value, first, renamed := s.add("x", "d", wanted.Scopes...), true, make(chan error, 1)
			var inv *Inventory
			takeOver := func() {
				renamed <- apitest.Err(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("x"), CreatedAt: at(1)}, "y"))
			}
			inv, _ = inBubble(t, func(w http.ResponseWriter, r *http.Request) {
				if !first || r.Method == http.MethodGet || c.gone {
					s.ServeHTTP(w, r)
					return
				}
				first = false
				answer := httptest.NewRecorder()
				s.ServeHTTP(answer, r)
				go takeOver()
				time.Sleep(time.Second)
				if c.lost {
					apitest.Cut(w, r)
				}
				apitest.Reply(answer.Code, answer.Body.String())(w, r)
			}, s.authorize)
			was := StateApp{AppRef: refOf("y"), CreatedAt: at(2)}
			if c.gone {
				must(s.DeleteApp("acme", "y"))
				takeOver()
			}
			var err error
			if c.deletes {
				_, err = inv.DeleteApp(t.Context(), was)
			} else {
				_, err = inv.RenameApp(t.Context(), was, "z")
			}
			if err = errors.Join(err, <-renamed); err != nil || len(s.Apps("acme")) != c.apps {
				t.Fatalf("%s: %d apps are left, %v", name, len(s.Apps("acme")), err)
			}
			n := wantedIn("y") // the key went along
			n.Unless = value.Fingerprint()
			holds(t, func(k CreatedKey) bool { return !k.Created })(inv.CreateKey(t.Context(), n))
			holds(t, func(app clarifai.App) bool { return sameTime(app.CreatedAt, at(1)) })(inv.App(t.Context(), refOf("y"), Checked))
		})
	}
}

func TestRenameWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	refused := apitest.Reply(400, `{"status":{"code":40010,"description":"Object has a duplicate ID"}}`)
	app := func(id string) http.HandlerFunc {
		return apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"`+id+`","user_id":"acme"}}`)
	}
	createdAt := func(year int) clarifai.Time {
		return clarifai.Time{Time: time.Date(2020+year, 1, 2, 3, 4, 5, 0, time.UTC)}
	}
	created := func(id string, year int) http.HandlerFunc {
		return apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"`+id+`","user_id":"acme","created_at":"`+createdAt(year).String()+`"}}`)
	}
	moved := apitest.Reply(307, `{"status":{"code":10050,"redirect_info":{"new_resource_id":"store"}}}`)
	for name, tt := range map[string]struct {
		list []http.HandlerFunc // to PATCH, PATCH, GET store, GET shop
		good bool
	}{
		"done":                    {[]http.HandlerFunc{apitest.Cut, apitest.Reply(404, apitest.NotFound), app("store"), apitest.Reply(404, apitest.NotFound)}, true},
		"done, old id moved":      {[]http.HandlerFunc{apitest.Cut, moved, app("store"), moved}, true},
		"done, moved, id untold":  {[]http.HandlerFunc{apitest.Cut, moved, app("store"), apitest.Reply(307, `{"status":{"code":10050}}`)}, true},
		"moved to a third id":     {[]http.HandlerFunc{apitest.Cut, refused, app("store"), apitest.Reply(307, `{"status":{"code":10050,"redirect_info":{"new_resource_id":"mart"}}}`)}, false},
		"the old id is another's": {[]http.HandlerFunc{apitest.Cut, refused, created("store", 1), created("shop", 2)}, true},
		"of the same time":        {[]http.HandlerFunc{apitest.Cut, refused, created("store", 1), created("shop", 1)}, false},
		"another's, and no old":   {[]http.HandlerFunc{apitest.Cut, refused, created("store", 2), apitest.Reply(404, apitest.NotFound)}, false},
		"taken by another":        {[]http.HandlerFunc{apitest.Cut, refused, app("store"), app("shop")}, false},
		"taken at once":           {[]http.HandlerFunc{refused}, false},
		"the new id is not there": {[]http.HandlerFunc{apitest.Cut, apitest.Reply(404, apitest.NotFound), apitest.Reply(404, apitest.NotFound)}, false},
		"answers as another":      {[]http.HandlerFunc{apitest.Reply(200, apitest.OKStatus+`,"apps":[{"id":"shop"}]}`)}, false},
	} {
		inv, j := serve(t, apitest.Answers(tt.list...))
		got, err := inv.RenameApp(t.Context(), StateApp{AppRef: refOf("shop"), CreatedAt: createdAt(1)}, "store")
		if (err == nil) != tt.good || tt.good && got.ID != "store" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if name == "taken at once" && len(j.All()) != 1 { // nothing was lost, so there is nothing to look for
			t.Errorf("%d requests", len(j.All()))
		}
	}
}

// A renamed app is followed to the ID that Clarifai names, or that an earlier run gave it,
// but not to another app, or one of another owner.
func TestFollowApp(t *testing.T) {
	t.Parallel()
	moved := func(owner string) http.HandlerFunc {
		return apitest.Reply(307, `{"status":{"code":10050}}`, "Location", "/v2/"+owner+"apps/store")
	}
	created := clarifai.Time{Time: time.Unix(1e9, 0).UTC()}
	for name, c := range map[string]struct {
		state StateApp
		old   http.HandlerFunc
		want  string // the app's ID or a part of the error
	}{
		"no owner is named":         {StateApp{AppRef: refOf("shop")}, moved(""), "store"},
		"its owner":                 {StateApp{AppRef: refOf("shop")}, moved("users/acme/"), "store"},
		"its owner, called me":      {StateApp{AppRef: refOf("shop")}, moved("users/me/"), "store"},
		"another owner":             {StateApp{AppRef: refOf("shop")}, moved("users/globex/"), "10050"},
		"another than me":           {StateApp{AppRef: clarifai.AppRef{UserID: "me", AppID: "shop"}}, moved("users/acme/"), "store"},
		"another time":              {StateApp{AppRef: refOf("shop"), CreatedAt: created}, moved(""), "10050"},
		"renamed by an earlier run": {StateApp{refOf("shop"), clarifai.Time{Time: created.Add(time.Hour)}, "store"}, apitest.Reply(404, apitest.NotFound), "store"},
		"nobody knows when":         {StateApp{AppRef: refOf("shop"), Renaming: "store"}, apitest.Reply(404, apitest.NotFound), ErrGone.Error()},
		"the new one is not told":   {StateApp{AppRef: refOf("shop"), Renaming: "refused"}, apitest.Reply(404, apitest.NotFound), "11007"},
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("/", apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"],"apps":[],"keys":[]}`))
		mux.HandleFunc("GET /v2/users/{user}/apps/shop", c.old)
		mux.HandleFunc("GET /v2/users/{user}/apps/refused", apitest.Reply(403, `{"status":{"code":11007}}`))
		mux.HandleFunc("GET /v2/users/{user}/apps/store", apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"store","created_at":"`+created.Add(time.Hour).Format(time.RFC3339)+`"}}`))
		inv, _ := serve(t, mux.ServeHTTP)
		app, err := inv.FollowApp(t.Context(), c.state)
		if got := app.ID + fmt.Sprint(err); !strings.Contains(got, c.want) || (err == nil) != (c.want == "store") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
