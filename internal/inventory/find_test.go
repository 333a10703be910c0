package inventory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestGoneOnlyWhereTheAccountAnswers(t *testing.T) {
	t.Parallel()
	key := clarifai.Secret(apitest.NewSecret())
	ask := map[string]func(*Inventory) error{
		"FindApp":  func(inv *Inventory) error { return apitest.Err(inv.FindApp(t.Context(), "acme", "shop")) },
		"FreshApp": func(inv *Inventory) error { return apitest.Err(inv.FindAppDirect(t.Context(), "acme", "shop")) },
		"FindKey": func(inv *Inventory) error {
			return apitest.Err(inv.FindKey(t.Context(), "acme", "shop", key.Fingerprint()))
		},
		"FindMovedKey": func(inv *Inventory) error {
			return apitest.Err(inv.FindKeyDirect(t.Context(), "acme", "shop", key.Fingerprint()))
		},
		"AppKeys": func(inv *Inventory) error { return apitest.Err(inv.ListedAppKeys(t.Context(), "acme", "shop")) },
	}
	for answers, myscopes := range map[bool]http.HandlerFunc{
		true:  apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`),
		false: apitest.Reply(401, `{"status":{"code":11009,"description":"API key not found"}}`),
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("/", apitest.Reply(404, apitest.NotFound))
		mux.HandleFunc("GET /v2/users/acme/myscopes", myscopes)
		mux.HandleFunc("GET /v2/users/acme/apps", apitest.Reply(200, apitest.OKStatus+`,"apps":[]}`))
		mux.HandleFunc("DELETE /v2/users/acme/keys/", apitest.Reply(401, `{"status":{"code":11009,"description":"API key not found"}}`))
		inv, j := serve(t, mux.ServeHTTP)
		for range 2 {
			for name, f := range ask {
				err := f(inv)
				var doubt *UnverifiedAccountError
				if errors.Is(err, ErrGone) != answers || errors.As(err, &doubt) == answers {
					t.Errorf("%s, account answers: %t: %v", name, answers, err)
				}
			}
			there, err := inv.AppExisted(t.Context(), "acme", "shop")
			if there || (err == nil) != answers {
				t.Errorf("AppExisted: %t, %v", there, err)
			}
			if err := inv.DeleteApp(t.Context(), "acme", "other"); (err == nil) != answers {
				t.Errorf("DeleteApp: %v", err)
			}
			if err := inv.DeleteKey(t.Context(), "acme", key); (err == nil) != answers {
				t.Errorf("DeleteKey: %v", err)
			}
		}
		// Once for all reads, and again for each of two deletions, whose answer a
		// revoked PAT would get as well.
		if n := j.Count("GET", "/myscopes"); n != 3 {
			t.Errorf("the account was asked %d times", n)
		}
	}
}

func TestKeyOfARenamedAppIsFound(t *testing.T) {
	t.Parallel()
	for _, listed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(4)
			s := newStore(names...)
			key := s.add("app-00", "k")
			inv, _ := s.inBubble(t)
			s.moveApp("app-00", "store")
			if listed {
				readMany(t, inv, names[1:])
			}
			k, err := inv.FindKey(t.Context(), "acme", "app-00", key.Fingerprint())
			if err != nil || k.AppID != "store" || k.Value != key {
				t.Errorf("%s, %v", k.ID(), err)
			}
			_, err = inv.FindApp(t.Context(), "acme", "app-00")
			if id, moved := clarifai.IsMoved(err); !moved || id != "store" {
				t.Errorf("FindApp: %v", err)
			}
			if there, err := inv.AppExisted(t.Context(), "acme", "app-00"); there || err != nil {
				t.Errorf("AppExisted: %t, %v", there, err)
			}
			if _, err := inv.FindKey(t.Context(), "acme", "app-00", "no such fingerprint"); !errors.Is(err, ErrGone) {
				t.Errorf("a key that is in neither: %v", err)
			}
		})
	}
}

// The account's listing shows where the key of a missing app went. If that listing
// fails, the key is not gone.
func TestFailedListingIsNoProof(t *testing.T) {
	t.Parallel()
	for status, gone := range map[int]bool{500: false, 403: true} {
		synctest.Test(t, func(t *testing.T) {
			s := newStore("shop")
			key := s.add("shop", "k")
			inv, j := s.inBubble(t)
			s.moveApp("shop", "store")
			clear(s.moved) // the old ID is not found
			s.deny("/acme/keys", status)
			_, err := inv.FindKey(t.Context(), "acme", "shop", key.Fingerprint())
			if err == nil || errors.Is(err, ErrGone) != gone {
				t.Errorf("HTTP %d: %v", status, err)
			}
			if j.Count("GET", "/acme/keys") == 0 {
				t.Error("nobody looked")
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		h := http.Handler(newStore().handler())
		inv, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/acme/keys") {
				<-time.After(time.Hour)
			}
			h.ServeHTTP(w, r)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		if _, err := inv.FindKey(ctx, "acme", "shop", "fingerprint"); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > 6*time.Second {
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
	const total, size = 60, 7
	inv, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var keys []string
		for n := (page - 1) * size; n < min(page*size, total); n++ {
			keys = append(keys, fmt.Sprintf(`{"id":"key%d","apps":[{"id":"shop","user_id":"acme"}]}`, n))
		}
		apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"],"keys":[`+strings.Join(keys, ",")+`]}`)(w, r)
	})
	for n := range total {
		if _, err := inv.FindKey(t.Context(), "acme", "shop", clarifai.Secret(fmt.Sprint("key", n)).Fingerprint()); err != nil {
			t.Fatalf("key %d: %v", n, err)
		}
	}
	if _, err := inv.FindKey(t.Context(), "acme", "shop", "no such fingerprint"); !errors.Is(err, ErrGone) {
		t.Error(err)
	}
	if n := len(j.All()); n != 10+2 { // to the empty page, and the account
		t.Errorf("%d requests", n)
	}
}

// A key that another process created after a listing was read is found.
func TestWhatAListingLacksIsAskedForAfresh(t *testing.T) {
	t.Parallel()
	s := newStore("shop")
	s.add("shop", "early")
	inv, j := s.serve(t)
	if keys, err := inv.ListedAppKeys(t.Context(), "acme", "shop"); err != nil || len(keys) != 1 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	late := s.add("shop", "late")
	if k, err := inv.FindKeyAfresh(t.Context(), "acme", "shop", late.Fingerprint()); err != nil || k.Value != late {
		t.Errorf("%+v, %v", k, err)
	}
	if keys, err := inv.AppKeysAfresh(t.Context(), "acme", "shop"); err != nil || len(keys) != 2 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	if err := inv.DeleteKey(t.Context(), "acme", late); err != nil {
		t.Fatal(err)
	}
	began := len(j.All())
	if _, err := inv.FindKeyAfresh(t.Context(), "acme", "shop", late.Fingerprint()); !errors.Is(err, ErrGone) {
		t.Errorf("a key that this run revoked: %v", err)
	}
	if n := j.Count("GET", "/keys") - began; n > 0 {
		t.Errorf("%d requests for a key that this run revoked", n)
	}
}
