package inventory

import (
	"context"
	"sync"
)

// keyedMutex is one lock per name in use.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[string]*namedLock
}

type namedLock struct {
	users int
	ch    chan struct{}
}

func newKeyedMutex() *keyedMutex { return &keyedMutex{locks: map[string]*namedLock{}} }

// lock waits for the lock of that name and returns what releases it.
func (m *keyedMutex) lock(ctx context.Context, name string) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	l := m.locks[name]
	if l == nil {
		l = &namedLock{ch: make(chan struct{}, 1)}
		m.locks[name] = l
	}
	l.users++
	m.mu.Unlock()
	leave := func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(m.locks, name)
		}
	}
	select {
	case l.ch <- struct{}{}:
		return func() { <-l.ch; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
