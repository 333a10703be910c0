// Package guard protects a provider's process from its own calls: a panic
// becomes an error without secrets, and the context of a call is released when
// the call is over.
package guard

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server is every call that a provider without state stores answers.
type Server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// New returns next with each of its calls guarded. Redact removes secrets from
// the text of a panic and from its stack trace.
func New(next Server, redact func(string) string) Server {
	return &server{next: next, redact: redact}
}

// server does not embed next: a method that a newer protocol adds must not pass
// unguarded, but fail to compile.
type server struct {
	next   Server
	redact func(string) string
}

var _ Server = (*server)(nil)

// call passes a request on and guards what happens until the answer is there.
func call[Req, Resp any](ctx context.Context, s *server, req Req, next func(context.Context, Req) (Resp, error)) (resp Resp, err error) {
	ctx, release := newCallContext(ctx)
	defer release()
	defer func() {
		if v := recover(); v != nil {
			err = Panicked(ctx, v, s.redact)
		}
	}()
	return next(ctx, req)
}

// callStream is call for an answer that holds an iterator, which runs after the
// call has returned: then the iteration takes over the context. A nil answer has
// no iterator.
func callStream[Req, Resp any](ctx context.Context, s *server, req Req, next func(context.Context, Req) (*Resp, error)) (resp *Resp, it iteration, err error) {
	ctx, release := newCallContext(ctx)
	defer func() {
		if v := recover(); v != nil {
			resp, err = nil, Panicked(ctx, v, s.redact)
		}
		if resp == nil {
			release()
		}
	}()
	resp, err = next(ctx, req)
	if err != nil {
		resp = nil
	}
	return resp, iteration{ctx: ctx, release: release, redact: s.redact}, err
}

// iteration is a call whose answer is still being read.
type iteration struct {
	ctx     context.Context
	release func()
	redact  func(string) string
}

// guardIterator returns items with a panic of theirs turned into a last item,
// which failed makes. It releases the context at the end, also where the consumer
// stops early. Panics of the consumer pass through.
func guardIterator[T any](it iteration, items iter.Seq[T], failed func(error) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer it.release()
		consuming, stopped := false, false
		push := func(item T) bool {
			if stopped { // a consumer that has stopped must not be called again
				return false
			}
			consuming = true
			stopped = !yield(item)
			consuming = false
			return !stopped
		}
		defer func() {
			if consuming {
				return
			}
			if v := recover(); v != nil {
				push(failed(Panicked(it.ctx, v, it.redact)))
			}
		}()
		items(push)
	}
}
