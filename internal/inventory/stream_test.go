package inventory

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// An account's listing yields only what is its own, and reads no page before its
// items are wanted.
func TestStream(t *testing.T) {
	t.Parallel()
	serveAccount := func(t *testing.T) (*Inventory, *apitest.Recorder) {
		t.Helper()
		apps := apitest.Pages("apps", `{"id":"a","user_id":"acme"},{"id":"shared","user_id":"globex"}`, `{"id":"b"},{"id":"c","user_id":"acme"}`)
		keys := apitest.Pages("keys", `{"id":"1","apps":[{"id":"a","user_id":"acme"}]},{"id":"2","apps":[{"id":"a","user_id":"globex"}]}`, `{"id":"3","apps":[{"id":"c","user_id":"acme"}]}`)
		return serve(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/apps") {
				apps(w, r)
			} else {
				keys(w, r)
			}
		})
	}
	inv, _ := serveAccount(t)
	var got []string
	for app, err := range inv.StreamApps(t.Context(), "acme", "") {
		got = append(got, fmt.Sprint(app.ID, err))
	}
	for k, err := range inv.StreamKeys(t.Context(), refOf("")) {
		got = append(got, fmt.Sprint(k.Value.Reveal(), err))
	}
	apitest.Equal(t, got, []string{"a<nil>", "b<nil>", "c<nil>", "1<nil>", "3<nil>"}, "streamed")
	inv, j := serveAccount(t)
	for _, err := range inv.StreamApps(t.Context(), "acme", "") {
		if err != nil {
			t.Error(err)
		}
		break
	}
	for _, err := range inv.StreamKeys(t.Context(), refOf("")) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	apitest.Equal(t, len(j.All()), 2, "requests for the first app and the first key")
}

// An account whose keys cannot be listed at once is read app by app, but not after
// a part of the listing was served.
func TestStreamKeys_refused(t *testing.T) {
	t.Parallel()
	for answered, want := range map[int]string{0: "[1 2] <nil>", 2: "[1] refused"} { // pages, the first with a PAT
		s := newWorldWith(emulator.Options{Switches: emulator.Switches{PageCap: 1}}, "a", "b")
		s.add("a", "1")
		s.add("b", "2")
		s.Inject(emulator.Fault{Method: "ListKeys", Kind: "status", HTTPStatus: 403, Code: 11007, Skip: answered, Times: -1})
		inv, _ := s.serve(t)
		var keys []string
		var last error
		for k, err := range inv.StreamKeys(t.Context(), refOf("")) {
			if last = err; err == nil {
				keys = append(keys, k.Description)
			}
		}
		if clarifai.IsRefused(last) {
			last = errors.New("refused")
		}
		apitest.Equal(t, fmt.Sprint(keys, " ", last), want, "after pages:", answered)
	}
}

// An app's own listing is asked again where it, or its end, is not found of an app that is
// there, yields no key twice, and says which keys of it are shared.
func TestStreamKeys_ofAnApp(t *testing.T) {
	t.Parallel()
	for _, skip := range []int{0, 1} {
		checkStreamedApp(t, skip)
	}
}

func checkStreamedApp(t *testing.T, skip int) {
	t.Helper()
	s := newWorld("shop", "mall")
	s.add("shop", "k")
	shared := emulator.Key{ID: apitest.NewSecret(), UserID: "acme", AppID: "shop", AlsoIn: []string{"mall"}}
	must(s.PutKey(shared))
	s.Inject(emulator.Fault{Method: "ListAppKeys", Kind: "status", HTTPStatus: 404, Skip: skip})
	inv, _ := s.serve(t)
	for n, app := range []string{"shop", "shop", "none"} {
		keys, err := collect(inv.StreamKeys(t.Context(), refOf(app)))
		if len(keys) != []int{1, 1, 0}[n] || len(inv.SharedKeys(refOf("shop"))) != []int{1, 0, 0}[n] || errors.Is(err, ErrGone) != (app == "none") {
			t.Errorf("of %s: %d keys, %v", app, len(keys), err)
		}
		_ = s.DeleteKey(shared.ID)
	}
}
