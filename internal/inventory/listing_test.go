package inventory

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// countedListing is a listing that counts how it was read.
type countedListing struct {
	*listing[string]
	directReads, listings atomic.Int32
}

func newCountedListing(all func() (map[string]string, error)) *countedListing {
	c := &countedListing{}
	c.listing = newListing(time.Second, func(_ context.Context, id string) (string, error) {
		c.directReads.Add(1)
		return "direct " + id, nil
	}, func(context.Context, int) (map[string]string, bool, error) {
		c.listings.Add(1)
		<-time.After(time.Minute)
		v, err := all()
		return v, false, err
	})
	return c
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
		s := newCountedListing(listOf("a", "b", "c"))
		var wg sync.WaitGroup
		for range 30 {
			for _, id := range []string{"a", "b", "c", "d"} {
				wg.Go(func() {
					want := "listed " + id
					if id == "d" {
						want = "direct d"
					}
					if v, err := s.find(t.Context(), id); v != want || err != nil {
						t.Errorf("%s: %q, %v", id, v, err)
					}
				})
			}
		}
		wg.Wait()
		if s.listings.Load() != 1 || s.directReads.Load() != 1 {
			t.Errorf("%d listings, %d direct reads", s.listings.Load(), s.directReads.Load())
		}
	})
}

// A listing that gathered the same ID does not answer a direct read.
func TestDirectReadsAreDirect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedListing(listOf("a", "b"))
		for _, id := range []string{"a", "b", "c"} {
			go func() { _, _, _ = s.listed(t.Context(), id) }()
		}
		synctest.Wait()
		for _, id := range []string{"a", "c"} {
			if v, err := s.direct(t.Context(), id); v != "direct "+id || err != nil {
				t.Errorf("%s: %q, %v", id, v, err)
			}
		}
	})
}

// What is forgotten while it is gathered or listed is read again for later
// readers; earlier ones still get their answer.
func TestForgetting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedListing(listOf("a", "b", "c", "d"))
		var wg sync.WaitGroup
		ask := func(id, want string) {
			wg.Go(func() {
				if v, err := s.find(t.Context(), id); v != want || err != nil {
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
		ask("c", "direct c")
		ask("b", "listed b") // forgotten before the listing began
		wg.Wait()
		s.forget("b")
		ask("b", "direct b")
		ask("a", "listed a")
		wg.Wait()
	})
}

func TestCancelledReaderLeavesTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCountedListing(listOf("a", "b", "c"))
		gone, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- apitest.Err(s.find(gone, "a")) }()
		synctest.Wait()
		var wg sync.WaitGroup
		for _, id := range []string{"a", "b", "c"} {
			wg.Go(func() {
				if v, err := s.find(t.Context(), id); v != "listed "+id || err != nil {
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
		if _, err := s.direct(gone, "new"); !errors.Is(err, context.Canceled) || s.directReads.Load() != 0 {
			t.Errorf("a cancelled reader still asks: %v", err)
		}
		if _, err := s.find(gone, "new"); !errors.Is(err, context.Canceled) || s.directReads.Load() != 0 {
			t.Errorf("a cancelled reader still asks: %v", err)
		}
	})
}
