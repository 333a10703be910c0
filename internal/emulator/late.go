package emulator

import (
	"context"
	"sync"
	"time"
)

// lateWork tracks the requests that are executed after their answer.
type lateWork struct {
	ctx    context.Context // ends with Close
	cancel context.CancelFunc

	mu      sync.Mutex // nothing starts while somebody waits
	running sync.WaitGroup
}

func newLateWork() *lateWork {
	l := &lateWork{}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// start runs work in the background after the duration d, unless close is called first.
func (l *lateWork) start(d time.Duration, sleep func(context.Context, time.Duration), work func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running.Go(func() {
		sleep(l.ctx, d)
		if l.ctx.Err() == nil {
			work()
		}
	})
}

// wait returns when nothing is pending.
func (l *lateWork) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running.Wait()
}

// close drops the work that has not begun and waits for the rest.
func (l *lateWork) close() {
	l.cancel()
	l.wait()
}

// WaitForLateWork returns when every request is executed whose fault answers it
// first: see the kinds status_then_work and cut_then_work of [Fault].
func (e *Emulator) WaitForLateWork() { e.late.wait() }
