package guard

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

type name struct{}

// TestCallContext: while a call lasts, its context is the real one; whatever
// keeps it longer holds nothing.
func TestCallContext(t *testing.T) {
	t.Parallel()
	parent, cancel := context.WithTimeout(context.WithValue(t.Context(), name{}, "call"), time.Hour)
	defer cancel()
	c, release := newCallContext(parent)
	want, _ := parent.Deadline()
	if got, ok := c.Deadline(); !ok || !got.Equal(want) {
		t.Errorf("deadline %v, %t", got, ok)
	}
	child, stop := context.WithCancel(c)
	defer stop()
	if child.Value(name{}) != "call" || c.Err() != nil {
		t.Error("the context is not the call's")
	}
	cancel()
	<-child.Done()
	if !errors.Is(c.Err(), context.Canceled) {
		t.Errorf("canceled, but %v", c.Err())
	}
	release()
	if _, limited := c.Deadline(); limited || c.Value(name{}) != nil || c.Err() != nil {
		t.Error("the call is over, and its context is still held")
	}
}

// TestCallContext_releases holds a thousand contexts as the framework does.
func TestCallContext_releases(t *testing.T) {
	t.Parallel()
	var kept []context.CancelFunc
	freed := make(chan struct{}, 1000)
	for range 1000 {
		load := new([1 << 10]byte)
		runtime.AddCleanup(load, func(struct{}) { freed <- struct{}{} }, struct{}{})
		call, over := context.WithCancel(context.WithValue(t.Context(), name{}, load))
		c, release := newCallContext(call)
		_, cancel := context.WithCancel(c)
		kept = append(kept, cancel)
		release()
		over()
	}
	runtime.GC()
	for range 900 { // the last few may still be on a stack
		<-freed
	}
	runtime.KeepAlive(kept)
}
