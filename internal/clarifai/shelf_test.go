package clarifai

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// countedShelf is a shelf with counters.
type countedShelf struct {
	shelf[string]
	singly, listed atomic.Int32
}

func newCountedShelf(all func() (map[string]string, error)) *countedShelf {
	s := &countedShelf{}
	s.shelf = shelf[string]{
		window: time.Second, singles: map[string]*future[string]{}, stale: map[string]bool{},
		one: func(_ context.Context, id string) (string, error) {
			s.singly.Add(1)
			return "single " + id, nil
		},
		all: func(context.Context) (map[string]string, error) {
			s.listed.Add(1)
			<-time.After(time.Minute)
			return all()
		},
	}
	return s
}

func listOf(ids ...string) func() (map[string]string, error) {
	return func() (map[string]string, error) {
		m := map[string]string{}
		for _, id := range ids {
			m[id] = "listed " + id
		}
		return m, nil
	}
}

func TestReadersShare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedShelf(listOf("a", "b", "c"))
		var wg sync.WaitGroup
		for range 30 {
			for _, id := range []string{"a", "b", "c", "d"} {
				wg.Go(func() {
					want := "listed " + id
					if id == "d" {
						want = "single d"
					}
					if v, err := s.get(t.Context(), id); v != want || err != nil {
						t.Errorf("%s: %q, %v", id, v, err)
					}
				})
			}
		}
		wg.Wait()
		if s.listed.Load() != 1 || s.singly.Load() != 1 {
			t.Errorf("%d listings, %d single reads", s.listed.Load(), s.singly.Load())
		}
	})
}

// A direct read is not answered by a listing that gathered the same id.
func TestDirectReadsAreDirect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedShelf(listOf("a", "b"))
		for _, id := range []string{"a", "b", "c"} {
			go func() { _, _, _ = s.cached(t.Context(), id) }()
		}
		synctest.Wait()
		for _, id := range []string{"a", "c"} {
			if v, err := s.direct(t.Context(), id); v != "single "+id || err != nil {
				t.Errorf("%s: %q, %v", id, v, err)
			}
		}
	})
}

// What is forgotten while it is gathered or listed is read anew by whoever
// comes later, and whoever came before still gets an answer.
func TestForgetting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedShelf(listOf("a", "b", "c", "d"))
		var wg sync.WaitGroup
		ask := func(id, want string) {
			wg.Go(func() {
				if v, err := s.get(t.Context(), id); v != want || err != nil {
					t.Errorf("%s: %q, %v, want %q", id, v, err, want)
				}
			})
			synctest.Wait()
		}
		ask("a", "listed a")
		ask("b", "listed b")
		ask("c", "listed c")
		ask("d", "listed d")
		s.forget("a") // while it is gathered
		ask("a", "listed a")
		s.forget("b")
		<-time.After(2 * time.Second)
		s.forget("c") // while the listing is under way
		ask("c", "single c")
		ask("b", "listed b") // forgotten before the listing began
		wg.Wait()
		s.forget("b")
		ask("b", "single b")
		ask("a", "listed a")
		wg.Wait()
	})
}

func TestCancelledReaderLeavesTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedShelf(listOf("a", "b", "c"))
		gone, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- second(s.get(gone, "a")) }()
		synctest.Wait()
		var wg sync.WaitGroup
		for _, id := range []string{"a", "b", "c"} {
			wg.Go(func() {
				if v, err := s.get(t.Context(), id); v != "listed "+id || err != nil {
					t.Errorf("%q, %v", v, err)
				}
			})
		}
		<-time.After(10 * time.Second)
		began := time.Now()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) || time.Since(began) != 0 {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		wg.Wait()
		if _, err := s.direct(gone, "new"); !errors.Is(err, context.Canceled) || s.singly.Load() != 0 {
			t.Errorf("a cancelled reader still asks: %v", err)
		}
		if _, err := s.get(gone, "new"); !errors.Is(err, context.Canceled) || s.singly.Load() != 0 {
			t.Errorf("a cancelled reader still asks: %v", err)
		}
	})
}

func TestGoneOnlyWhereTheAccountAnswers(t *testing.T) {
	t.Parallel()
	key := Secret(newSecret())
	ask := map[string]func(*Client) error{
		"FindApp":      func(c *Client) error { return second(c.FindApp(t.Context(), "acme", "shop")) },
		"FreshApp":     func(c *Client) error { return second(c.FreshApp(t.Context(), "acme", "shop")) },
		"FindKey":      func(c *Client) error { return second(c.FindKey(t.Context(), "acme", "shop", key.Fingerprint())) },
		"FindMovedKey": func(c *Client) error { return second(c.FindMovedKey(t.Context(), "acme", "shop", key.Fingerprint())) },
		"AppKeys":      func(c *Client) error { return second(c.AppKeys(t.Context(), "acme", "shop")) },
	}
	for trusted, myscopes := range map[bool]http.HandlerFunc{
		true:  reply(200, okStatus+`,"scopes":["All"]}`),
		false: reply(401, `{"status":{"code":11009,"description":"API key not found"}}`),
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("/", reply(404, notFound))
		mux.HandleFunc("GET /v2/users/acme/myscopes", myscopes)
		mux.HandleFunc("DELETE /v2/users/acme/keys/", reply(401, `{"status":{"code":11009,"description":"API key not found"}}`))
		c, j := serve(t, mux.ServeHTTP)
		for range 2 {
			for name, f := range ask {
				err := f(c)
				var doubt *UntrustedError
				if errors.Is(err, ErrGone) != trusted || errors.As(err, &doubt) == trusted {
					t.Errorf("%s, account answers: %t: %v", name, trusted, err)
				}
			}
			there, err := c.AppExisted(t.Context(), "acme", "shop")
			if there || (err == nil) != trusted {
				t.Errorf("AppExisted: %t, %v", there, err)
			}
			if err := c.DeleteApp(t.Context(), "acme", "other"); (err == nil) != trusted {
				t.Errorf("DeleteApp: %v", err)
			}
			if err := c.DeleteKey(t.Context(), "acme", key); (err == nil) != trusted {
				t.Errorf("DeleteKey: %v", err)
			}
		}
		// Once for all, and anew for each of two deletions that are answered
		// as a dead PAT would be.
		if n := j.count("GET", "/myscopes"); n != 3 {
			t.Errorf("the account was asked %d times", n)
		}
	}
}

func TestTrustIsAskedOnceByAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(w http.ResponseWriter, r *http.Request) {
			<-time.After(time.Second)
			reply(200, okStatus+`,"scopes":["All"]}`)(w, r)
		}
		c, j := inBubble(t, slow)
		first, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- c.Trust(first, "acme") }()
		synctest.Wait()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := c.Trust(t.Context(), "acme"); err != nil {
					t.Errorf("one that was not cancelled: %v", err)
				}
			})
		}
		synctest.Wait()
		cancel() // the one who asks leaves; the answer is still for the others
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wg.Wait()
		if n := len(j.all()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestKeyOfARenamedAppIsFound(t *testing.T) {
	t.Parallel()
	for _, listed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(4)
			s := newStore(names...)
			key := s.add("app-00", "k")
			c, _ := s.inBubble(t)
			s.moveApp("app-00", "store")
			if listed {
				readMany(t, c, names[1:])
			}
			k, err := c.FindKey(t.Context(), "acme", "app-00", key.Fingerprint())
			if err != nil || k.AppID != "store" || k.Value != key {
				t.Errorf("%s, %v", k.ID(), err)
			}
			_, err = c.FindApp(t.Context(), "acme", "app-00")
			if id, moved := IsMoved(err); !moved || id != "store" {
				t.Errorf("FindApp: %v", err)
			}
			if there, err := c.AppExisted(t.Context(), "acme", "app-00"); there || err != nil {
				t.Errorf("AppExisted: %t, %v", there, err)
			}
			if _, err := c.FindKey(t.Context(), "acme", "app-00", "no such print"); !errors.Is(err, ErrGone) {
				t.Errorf("a key that is in neither: %v", err)
			}
		})
	}
}

// TestFailedLookElsewhereIsNoProof: the account's listing says where a key went
// whose app is not there. When it can not be had, the key is not gone.
func TestFailedLookElsewhereIsNoProof(t *testing.T) {
	t.Parallel()
	for status, gone := range map[int]bool{500: false, 403: true} {
		synctest.Test(t, func(t *testing.T) {
			s := newStore("shop")
			key := s.add("shop", "k")
			c, j := s.inBubble(t)
			s.moveApp("shop", "store")
			clear(s.moved) // the old id is not found
			s.deny("/acme/keys", status)
			_, err := c.FindKey(t.Context(), "acme", "shop", key.Fingerprint())
			if err == nil || errors.Is(err, ErrGone) != gone {
				t.Errorf("HTTP %d: %v", status, err)
			}
			if j.count("GET", "/acme/keys") == 0 {
				t.Error("nobody looked")
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		h := http.Handler(newStore().handler())
		c, _ := inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/acme/keys") {
				<-time.After(time.Hour)
			}
			h.ServeHTTP(w, r)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		if _, err := c.FindKey(ctx, "acme", "shop", "print"); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > 6*time.Second {
			t.Errorf("after %s: %v", time.Since(started), err)
		}
		cancel()
		<-time.After(2 * time.Hour) // the look that others could have shared ends
	})
}

func TestRenameWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	refused := reply(400, `{"status":{"code":40010,"description":"Object has a duplicate ID"}}`)
	app := func(id string) http.HandlerFunc {
		return reply(200, okStatus+`,"app":{"id":"`+id+`","user_id":"acme"}}`)
	}
	moved := reply(307, `{"status":{"code":10050,"redirect_info":{"new_resource_id":"store"}}}`)
	for name, tt := range map[string]struct {
		list []http.HandlerFunc // to PATCH, PATCH, GET store, GET shop
		good bool
	}{
		"done":                    {[]http.HandlerFunc{cut, reply(404, notFound), app("store"), reply(404, notFound)}, true},
		"done, old id moved":      {[]http.HandlerFunc{cut, moved, app("store"), moved}, true},
		"taken by another":        {[]http.HandlerFunc{cut, refused, app("store"), app("shop")}, false},
		"taken at once":           {[]http.HandlerFunc{refused}, false},
		"the new id is not there": {[]http.HandlerFunc{cut, reply(404, notFound), reply(404, notFound)}, false},
		"answers as another":      {[]http.HandlerFunc{reply(200, okStatus+`,"apps":[{"id":"shop"}]}`)}, false},
	} {
		c, _ := serve(t, answers(tt.list...))
		got, err := c.RenameApp(t.Context(), "acme", "shop", "store")
		if (err == nil) != tt.good || tt.good && got.ID != "store" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
