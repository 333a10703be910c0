package inventory

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// An app that was only found after a lost answer may be somebody else's, and one
// that was deleted or renamed may have been followed by another of its ID.
func TestHasCreatedAppItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults []fault
		then   func(*testing.T, *Inventory) error
		want   bool
	}{
		"created":        {want: true},
		"after one lost": {faults: []fault{before(apitest.Cut)}, want: true},
		"adopted":        {faults: []fault{after(apitest.Cut)}},
		"deleted": {then: func(t *testing.T, i *Inventory) error {
			return apitest.Err(i.DeleteApp(t.Context(), StateApp{AppRef: refOf("new")}))
		}},
		"renamed": {then: func(t *testing.T, i *Inventory) error {
			_, err := i.RenameApp(t.Context(), StateApp{AppRef: refOf("new")}, "newer")
			return err
		}},
	} {
		s := newWorld()
		s.faults = c.faults
		inv, _ := s.serve(t)
		apitest.Must(t, apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "new"})))
		if c.then != nil {
			apitest.Must(t, c.then(t, inv))
		}
		apitest.Equal(t, inv.Record(keyIn("new", "")).AppTold, c.want, "AppTold", name)
		if inv.Record(keyIn("newer", "")).AppTold {
			t.Error(name, "a renamed app counts as created")
		}
	}
}

// A listing may show a key whose create has not been answered yet.
func TestForeignKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		before := s.add("shop", "made by Clarifai", "All")
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			work(w, r)
			time.Sleep(5 * time.Second)
		}}
		inv, _ := s.inBubble(t)
		go func() {
			if _, err := inv.CreateKey(t.Context(), wanted); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(3 * time.Second)
		keys, err := inv.AppKeys(t.Context(), refOf("shop"), Now)
		if err != nil || len(keys) != 2 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		foreign, err := inv.ForeignKeys(t.Context(), refOf("shop"), keys)
		if err != nil || len(foreign) != 1 || foreign[0].Value != before {
			t.Errorf("%d keys are foreign, %v", len(foreign), err)
		}
	})
}

// What a lost request created may show only after a moment. It is not created again.
func TestCreate_shownLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorldWith(emulator.Options{Switches: emulator.Switches{CreateLag: 5 * time.Second}}, "shop")
		<-time.After(time.Minute)
		s.faults = []fault{after(apitest.Reply(200, "{")), after(apitest.Reply(200, "{"))}
		inv, j := s.inBubble(t)
		if _, err := inv.CreateKey(t.Context(), wanted); err != nil {
			t.Error(err)
		}
		apitest.Must(t, apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "new"})))
		apitest.Equal(t, j.Count("POST", ""), 2, "POSTs")
		s.SetSwitches(emulator.Switches{CreateLag: time.Hour, WriteAnswers: "bare"})
		if k, err := inv.CreateKey(t.Context(), wanted); err != nil || k.Description != wanted.Description || !slices.Equal(k.Scopes, wanted.Scopes) {
			t.Errorf("%+v, %v", k, err)
		}
		s.SetSwitches(emulator.Switches{CreateLag: time.Hour})
		apitest.Must(t, apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "newer"})))
		for _, want := range []any{new(*CreatedMissingError), new(*ContradictionError)} { // it is waited for once
			if err := apitest.Err(inv.App(t.Context(), refOf("newer"), Now)); !errors.As(err, want) {
				t.Errorf("%T instead of %T", err, want)
			}
		}
	})
}

// A key is revoked under the ID that its app had before this run renamed it, although
// DELETE says "not found" once and listings lag, and counts as revoked if it was before.
func TestDeleteKey_afterRename(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lag             time.Duration
		takesOver, gone bool   // another app gets the old ID; the key was revoked before
		of              string // its app; empty: the one that is renamed
		refused         bool   // the second DELETE is
	}{
		"the old ID is free":          {},
		"another app has it":          {takesOver: true},
		"it is the other app's":       {takesOver: true, of: "other"},
		"listings lag":                {lag: time.Hour},
		"gone":                        {gone: true},
		"gone, and listings lag":      {lag: time.Hour, gone: true},
		"gone, and another app there": {takesOver: true, gone: true},
		"not found, then refused":     {lag: time.Hour, refused: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{DeleteMisses: 1, RenameLag: c.lag}}, "shop", "other")
			if c.refused {
				s.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 403, Code: 11007, Skip: 1, Times: -1})
			}
			inv, _ := s.inBubble(t, func(cfg *setup) {
				cfg.inventory.StateHolds = func(ref clarifai.AppRef) bool { return c.of != "" && ref.AppID == "store" }
			})
			value := s.add(cmp.Or(c.of, "shop"), "d", "Predict")
			_, err := inv.RenameApp(t.Context(), StateApp{AppRef: refOf("shop")}, "store")
			if c.takesOver && err == nil {
				_, err = inv.RenameApp(t.Context(), StateApp{AppRef: refOf("other")}, "shop")
			}
			if err == nil && c.gone {
				err = s.DeleteKey(value.Reveal())
			}
			apitest.Must(t, err)
			err = inv.DeleteKey(t.Context(), keyIn("shop", value.Fingerprint()), value)
			confirmed := inv.Record(keyIn("shop", value.Fingerprint())).KeyConfirmed
			if clarifai.IsRefused(err) != c.refused || (err != nil || len(s.live()) != 0) != c.refused || confirmed == (c.gone || c.refused) {
				t.Errorf("%s: %d keys are left, %v", name, len(s.live()), err)
			}
		})
	}
}

// A DELETE that keeps answering "not found" of what lives is sent so many times, and is no
// success.
func TestDeletesThatAreContradicted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		remove  func(ctx context.Context, inv *Inventory, old clarifai.Secret) error
		seconds float64
		deletes int
		shown   string
	}{
		"an app": {func(ctx context.Context, inv *Inventory, _ clarifai.Secret) error {
			return apitest.Err(inv.DeleteApp(ctx, StateApp{AppRef: refOf("shop")}))
		}, 7, 4, "the app itself answers"},
		"a key": {func(ctx context.Context, inv *Inventory, old clarifai.Secret) error {
			return inv.DeleteKey(ctx, keyIn("shop", old.Fingerprint()), old)
		}, 7, 4, "its app lists it"},
		"a new key, with little time": {func(ctx context.Context, inv *Inventory, _ clarifai.Secret) error {
			k, err := inv.CreateKey(ctx, wanted)
			if err != nil {
				return err
			}
			return inv.DeleteKey(ctx, k.Ref(), k.Value)
		}, 10, 4, "Clarifai may show what this run created late"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop")
			old := s.add("shop", "old", "Predict")
			s.Inject(emulator.Fault{Verb: "DELETE", Kind: "status", HTTPStatus: 404, Times: -1})
			inv, j := s.inBubble(t)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			began := time.Now()
			err := c.remove(ctx, inv, old)
			if doubt, isDoubt := errors.AsType[*ContradictionError](err); !isDoubt || doubt.Shown != c.shown {
				t.Errorf("%s: %v", name, err)
			}
			if took, n := time.Since(began).Round(time.Second).Seconds(), j.Count("DELETE", ""); took != c.seconds || n != c.deletes {
				t.Errorf("%s: %d deletions in %v s", name, n, took)
			}
		})
	}
}

// A key cannot be created in an app that is deleted at that moment.
func TestCreateKey_appGone(t *testing.T) {
	t.Parallel()
	s := newWorld("shop")
	s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		must(s.RenameApp("acme", "shop", "store"))
		work(w, r)
	}}
	inv, _ := s.serve(t)
	apitest.Is(t, apitest.Err(inv.CreateKey(t.Context(), wanted)), ErrGone)
}

// A create that is canceled, while it waits for one that looks alike or before, sends
// nothing.
func TestCreateKey_canceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop", "mall")
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			<-time.After(10 * time.Second)
			work(w, r)
		}}
		inv, j := s.inBubble(t)
		var first sync.WaitGroup
		first.Go(func() {
			if _, err := inv.CreateKey(t.Context(), wanted); err != nil {
				t.Error(err)
			}
		})
		<-time.After(5 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := inv.CreateKey(ctx, wanted); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		first.Wait()
		sent := len(j.All())
		for range 20 {
			apitest.Is(t, apitest.Err(inv.CreateKey(ctx, wanted)), context.DeadlineExceeded)
		}
		apitest.Is(t, apitest.Err(inv.CreateKey(ctx, wantedIn("mall"))), context.DeadlineExceeded)
		apitest.Is(t, apitest.Err(inv.CreateApp(ctx, "acme", clarifai.App{ID: "new"})), context.DeadlineExceeded)
		apitest.Equal(t, len(j.All()), sent, "requests")
		apitest.Equal(t, j.Count("POST", ""), 1, "POSTs")
		apitest.Equal(t, len(s.live()), 1, "living keys")
	})
}
