package inventory

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestAccountIsVerifiedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(w http.ResponseWriter, r *http.Request) {
			<-time.After(time.Second)
			apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`)(w, r)
		}
		inv, j := inBubble(t, slow)
		first, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- inv.VerifyAccount(first, "acme") }()
		synctest.Wait()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := inv.VerifyAccount(t.Context(), "acme"); err != nil {
					t.Errorf("one that was not canceled: %v", err)
				}
			})
		}
		synctest.Wait()
		cancel() // the caller that asked leaves; the others still get the answer
		apitest.Is(t, <-left, context.Canceled)
		wg.Wait()
		inv.Preflight(t.Context(), "acme") // asks the same
		apitest.Equal(t, len(j.All()), 3, "requests")
	})
}

// What a stranger's account shows may be public, and does not contradict that its keys are
// not found.
func TestPublicAppsDoNotContradict(t *testing.T) {
	t.Parallel()
	public := apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"],"app":{"id":"shop"},"apps":[{"id":"shop"}]}`)
	inv, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/keys") {
			apitest.Reply(404, apitest.NotFound)(w, r)
			return
		}
		public(w, r)
	})
	for range 2 {
		_, err := inv.Key(t.Context(), keyIn("shop", "fingerprint"), Checked)
		if _, doubt := errors.AsType[*UnverifiedAccountError](err); !doubt {
			t.Error(err)
		}
	}
}

// Nothing is gone in an account of which something private, such as its keys, does
// not answer: its scopes and apps may be public.
func TestGoneOnlyWhereTheAccountAnswers(t *testing.T) {
	t.Parallel()
	fingerprint := clarifai.Secret(apitest.NewSecret()).Fingerprint()
	ask := map[string]func(*Inventory) error{
		"an app":        func(inv *Inventory) error { return apitest.Err(inv.App(t.Context(), refOf("shop"), Checked)) },
		"an app itself": func(inv *Inventory) error { return apitest.Err(inv.App(t.Context(), refOf("shop"), Itself)) },
		"a key": func(inv *Inventory) error {
			return apitest.Err(inv.Key(t.Context(), keyIn("shop", fingerprint), Checked))
		},
		"a key afresh": func(inv *Inventory) error { return apitest.Err(inv.Key(t.Context(), keyIn("shop", fingerprint), Now)) },
		"keys":         func(inv *Inventory) error { return apitest.Err(inv.AppKeys(t.Context(), refOf("shop"), Checked)) },
		"a patch": func(inv *Inventory) error {
			return apitest.Err(inv.PatchApp(t.Context(), refOf("shop"), clarifai.AppPatch{}))
		},
		"a rename": func(inv *Inventory) error {
			return apitest.Err(inv.RenameApp(t.Context(), StateApp{AppRef: refOf("shop")}, "store"))
		},
		"a deletion": func(inv *Inventory) error {
			if mine, err := inv.DeleteApp(t.Context(), StateApp{AppRef: refOf("shop")}); mine || err != nil {
				return err
			}
			return ErrGone
		},
	}
	var (
		unknown = apitest.Reply(404, apitest.NotFound)
		scope   = apitest.Reply(403, `{"status":{"code":11007,"description":"insufficient scopes"}}`)
		ok      = apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"],"apps":[],"keys":[]}`)
	)
	inv, _ := serve(t, unknown)
	if _, doubt := errors.AsType[*UnverifiedAccountError](apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "new"}))); !doubt {
		t.Error("a new app: the account is not what is wrong")
	}
	for name, c := range map[string]struct {
		scopes, apps, keys http.HandlerFunc
		gone               bool
	}{
		"all answer":         {ok, ok, ok, true},
		"no scopes":          {unknown, ok, ok, false},
		"no apps":            {ok, unknown, ok, false},
		"no keys":            {ok, ok, unknown, false},
		"the PAT is refused": {apitest.Reply(401, `{"status":{"code":11009}}`), ok, ok, false},
		"keys lack a scope":  {ok, ok, scope, false}, // an app's keys might be in another one
		"nothing answers":    {unknown, unknown, unknown, false},
	} {
		for what, f := range ask {
			mux := http.NewServeMux()
			mux.HandleFunc("/", unknown)
			mux.HandleFunc("GET /v2/users/acme/myscopes", c.scopes)
			mux.HandleFunc("GET /v2/users/acme/apps", c.apps)
			mux.HandleFunc("GET /v2/users/acme/keys", c.keys)
			inv, _ := serve(t, mux.ServeHTTP)
			gone := c.gone || name == "keys lack a scope" && !strings.HasPrefix(what, "a key")
			for range 2 {
				err := f(inv)
				var doubt *UnverifiedAccountError
				if errors.Is(err, ErrGone) != gone || !gone && !errors.As(err, &doubt) && !clarifai.IsRefused(err) {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
	}
}
