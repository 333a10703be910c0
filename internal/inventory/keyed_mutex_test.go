package inventory

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestNamedLocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newKeyedMutex()
		unlock, err := m.lock(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if free, err := m.lock(t.Context(), "b"); err != nil {
			t.Error(err)
		} else {
			free()
		}
		ctx, cancel := context.WithCancel(t.Context())
		refused := make(chan error, 1)
		go func() {
			_, err := m.lock(ctx, "a")
			refused <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-refused; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		unlock()
		again, err := m.lock(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		again()
		if len(m.locks) != 0 {
			t.Errorf("%d locks are kept", len(m.locks))
		}
	})
}
