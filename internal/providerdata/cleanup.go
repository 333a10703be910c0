package providerdata

import (
	"context"
	"errors"
	"sync"
)

// Leftovers are what must not outlive the provider's process. Terraform closes
// an ephemeral resource only when all that uses it has succeeded: after an
// error or an interrupt nothing but the end of the process is left to act on.
type Leftovers struct {
	mu   sync.Mutex
	undo map[string]func(context.Context) error
}

// Add notes what there is to undo.
func (l *Leftovers) Add(name string, undo func(context.Context) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.undo == nil {
		l.undo = map[string]func(context.Context) error{}
	}
	l.undo[name] = undo
}

// Done forgets what was undone in time.
func (l *Leftovers) Done(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.undo, name)
}

// Clear undoes all that is left, at once: there is little time.
func (l *Leftovers) Clear(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var (
		wait sync.WaitGroup
		some sync.Mutex
		errs []error
	)
	for _, undo := range l.undo {
		wait.Go(func() {
			if err := undo(ctx); err != nil {
				some.Lock()
				defer some.Unlock()
				errs = append(errs, err)
			}
		})
	}
	wait.Wait()
	l.undo = nil
	return errors.Join(errs...)
}
