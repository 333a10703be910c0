package clarifai

import (
	"context"
	"sync"
	"time"
)

// few is up to how many different things are read one by one; more are served
// by a listing of the account. A small configuration in a huge account must
// not page through it.
const few = 2

// shelf serves reads: it gathers those that are wanted at about the same time,
// asks for a few singly, and for more takes one listing, once.
type shelf[T any] struct {
	window time.Duration
	one    func(ctx context.Context, id string) (T, error)
	all    func(ctx context.Context) (map[string]T, error)

	mu      sync.Mutex
	singles map[string]*future[T]
	waiting []want[T] // not asked for yet
	open    bool      // the window in which more are gathered
	listing *future[map[string]T]
	gaps    bool            // the listing was seen to lack what there is
	stale   map[string]bool // what the listing tells of them is out of date
}

type want[T any] struct {
	id string
	f  *future[T]
}

type future[T any] struct {
	done chan struct{}
	v    T
	err  error

	from source
}

// source is what has answered a read.
type source int

const (
	alone    source = iota // the thing was asked for by itself
	listed                 // the listing has it
	unlisted               // the listing does not have it
)

func newFuture[T any]() *future[T] { return &future[T]{done: make(chan struct{})} }

func (f *future[T]) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// get reads one thing. What the listing does not have is asked for by itself:
// a listing may lag, or shift while it is read.
func (s *shelf[T]) get(ctx context.Context, id string) (T, error) {
	v, from, err := s.cached(ctx, id)
	if from == unlisted && err == nil {
		return s.direct(ctx, id)
	}
	return v, err
}

// cached reads one thing and may answer that the listing does not have it.
func (s *shelf[T]) cached(ctx context.Context, id string) (v T, from source, err error) {
	if err := ctx.Err(); err != nil {
		return v, alone, err
	}
	s.mu.Lock()
	f, asked := s.singles[id]
	if !asked && s.stale[id] {
		s.mu.Unlock()
		v, err = s.direct(ctx, id)
		return v, alone, err
	}
	if !asked && s.listing != nil {
		l := s.listing
		s.mu.Unlock()
		if err := l.wait(ctx); err != nil {
			return v, listed, err
		}
		if isRefused(l.err) {
			v, err = s.direct(ctx, id)
			return v, alone, err
		}
		if v, ok := l.v[id]; ok || l.err != nil {
			return v, listed, l.err
		}
		return v, unlisted, nil
	}
	if !asked {
		f = newFuture[T]()
		s.singles[id] = f
		s.waiting = append(s.waiting, want[T]{id, f})
		if !s.open {
			s.open = true
			time.AfterFunc(s.window, func() { s.decide(context.WithoutCancel(ctx)) })
		}
	}
	s.mu.Unlock()
	if err := f.wait(ctx); err != nil {
		return v, alone, err
	}
	return f.v, f.from, f.err
}

// direct asks for one thing by itself, once.
func (s *shelf[T]) direct(ctx context.Context, id string) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	for {
		s.mu.Lock()
		f, asked := s.singles[id]
		if !asked || f.settled() && f.from != alone {
			f = newFuture[T]()
			s.singles[id] = f
			go s.fetch(context.WithoutCancel(ctx), id, f)
		}
		s.mu.Unlock()
		if err := f.wait(ctx); err != nil {
			return none, err
		}
		if f.from == alone { // another reader's, gathered meanwhile, may have been
			return f.v, f.err
		}
	}
}

func (f *future[T]) settled() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// decide ends the gathering: a few are asked for singly, more by the listing.
func (s *shelf[T]) decide(ctx context.Context) {
	s.mu.Lock()
	s.open = false
	wants := s.waiting
	s.waiting = nil
	many := len(s.singles) > few
	var l *future[map[string]T]
	if many {
		l = newFuture[map[string]T]()
		s.listing = l // from now on nothing is gathered: this is the only one
	}
	s.mu.Unlock()
	if many {
		l.v, l.err = s.all(ctx)
		close(l.done)
	}
	for _, w := range wants {
		switch {
		case many && l.err == nil:
			w.f.from = unlisted
			if v, ok := l.v[w.id]; ok {
				w.f.v, w.f.from = v, listed
			}
			close(w.f.done)
		case many && !isRefused(l.err):
			w.f.err = l.err
			close(w.f.done)
		default:
			go s.fetch(ctx, w.id, w.f)
		}
	}
}

func (s *shelf[T]) fetch(ctx context.Context, id string, f *future[T]) {
	f.v, f.err = s.one(ctx, id)
	close(f.done)
}

// forget lets nothing that was read of id until now answer a later read.
func (s *shelf[T]) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.singles, id)
	if s.listing != nil {
		s.stale[id] = true
	}
}

// known reads one thing, and believes the listing where it has shown no gaps.
func (s *shelf[T]) known(ctx context.Context, id string) (v T, from source, err error) {
	v, from, err = s.cached(ctx, id)
	if from == alone || err != nil {
		return v, from, err
	}
	s.mu.Lock()
	gaps := s.gaps
	s.mu.Unlock()
	if gaps {
		v, err = s.direct(ctx, id)
		return v, alone, err
	}
	return v, from, nil
}

// incomplete notes that the listing lacks what there is.
func (s *shelf[T]) incomplete() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gaps = true
}
