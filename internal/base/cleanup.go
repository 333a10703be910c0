package base

import (
	"context"
	"errors"
	"sync"
)

// Cleanup holds what must not outlive the provider's process. Terraform closes
// an ephemeral resource only when everything that uses it has succeeded: after
// an error or an interrupt, the end of the process is the last chance to act.
type Cleanup struct {
	mu      sync.Mutex
	pending map[string]func(context.Context) error
}

// Add registers undo under a name, to be called by Run unless Done comes first.
func (c *Cleanup) Add(name string, undo func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending == nil {
		c.pending = map[string]func(context.Context) error{}
	}
	c.pending[name] = undo
}

// Done removes what was undone in time.
func (c *Cleanup) Done(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, name)
}

// Run undoes everything that is left, concurrently: there is little time.
func (c *Cleanup) Run(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var (
		group sync.WaitGroup
		guard sync.Mutex
		errs  []error
	)
	for _, undo := range c.pending {
		group.Go(func() {
			if err := undo(ctx); err != nil {
				guard.Lock()
				defer guard.Unlock()
				errs = append(errs, err)
			}
		})
	}
	group.Wait()
	c.pending = nil
	return errors.Join(errs...)
}
