package fastpath

import (
	"context"
	"errors"
	"runtime"
	"testing"
)

type name struct{}

// TestLeash: while a call lasts its context is the real one; what keeps it
// longer keeps nothing.
func TestLeash(t *testing.T) {
	t.Parallel()
	parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), name{}, "call"))
	defer cancel(nil)
	l, end := leashed(parent)
	child, stop := context.WithCancel(l)
	defer stop()
	if child.Value(name{}) != "call" || l.Err() != nil {
		t.Error("the context is not the call's")
	}
	cancel(errors.New("stop"))
	<-child.Done()
	if !errors.Is(l.Err(), context.Canceled) {
		t.Errorf("cancelled, but %v", l.Err())
	}
	end()
	if l.Value(name{}) != nil || l.Err() != nil {
		t.Error("the call is over, and its context is still held")
	}
}

// TestLeash_letsGo holds a thousand contexts as the framework does.
func TestLeash_letsGo(t *testing.T) {
	t.Parallel()
	var kept []context.CancelFunc
	freed := make(chan struct{}, 1000)
	for range 1000 {
		load := new([1 << 10]byte)
		runtime.AddCleanup(load, func(struct{}) { freed <- struct{}{} }, struct{}{})
		call, over := context.WithCancel(context.WithValue(t.Context(), name{}, load))
		l, end := leashed(call)
		_, cancel := context.WithCancel(l)
		kept = append(kept, cancel)
		end()
		over()
	}
	runtime.GC()
	for range 900 { // the last few may still be on a stack
		<-freed
	}
	runtime.KeepAlive(kept)
}
