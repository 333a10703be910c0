package inventory

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
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
	for refusedFrom, want := range map[string]string{"1": "[1 2] <nil>", "2": "[9] refused"} {
		inv, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			page := r.URL.Query().Get("page")
			switch {
			case strings.HasSuffix(r.URL.Path, "/users/acme/apps"):
				apitest.Pages("apps", `{"id":"a"},{"id":"b"}`)(w, r)
			case strings.HasSuffix(r.URL.Path, "/apps/a/keys"):
				apitest.Pages("keys", `{"id":"1"}`)(w, r)
			case strings.HasSuffix(r.URL.Path, "/apps/b/keys"):
				apitest.Pages("keys", `{"id":"2"}`)(w, r)
			case page >= refusedFrom:
				apitest.Reply(403, `{"status":{"code":11007,"description":"Insufficient scopes"}}`)(w, r)
			default:
				apitest.Pages("keys", `{"id":"9","apps":[{"id":"a","user_id":"acme"}]}`)(w, r)
			}
		})
		var keys []string
		var last error
		for k, err := range inv.StreamKeys(t.Context(), refOf("")) {
			if last = err; err == nil {
				keys = append(keys, k.Value.Reveal())
			}
		}
		if clarifai.IsRefused(last) {
			last = errors.New("refused")
		}
		apitest.Equal(t, fmt.Sprint(keys, " ", last), want, "refused from page", refusedFrom)
	}
}
