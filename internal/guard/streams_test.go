package guard

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// streamer answers with streams of three items, each of which shows whether the
// context is still the call's.
type streamer struct {
	Server
	kept     context.Context
	panics   any  // after the last item
	empty    bool // no items
	heedless bool // pushes on when told to stop
	wanted   bool // what the last push said
	err      error
	none     bool
}

func (s *streamer) run(ctx context.Context, push func(text string) bool) {
	for range 3 {
		text, _ := ctx.Value(name{}).(string)
		if s.empty {
			break
		}
		if s.wanted = push(text); !s.wanted && !s.heedless {
			return
		}
	}
	if s.panics != nil {
		panic(s.panics)
	}
}

func (s *streamer) ListResource(ctx context.Context, _ *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	s.kept = ctx
	if s.none {
		return nil, s.err
	}
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		s.run(ctx, func(text string) bool { return push(tfprotov6.ListResourceResult{DisplayName: text}) })
	}}, s.err
}

func (s *streamer) InvokeAction(ctx context.Context, _ *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	s.kept = ctx
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		s.run(ctx, func(text string) bool {
			return push(tfprotov6.InvokeActionEvent{Type: tfprotov6.ProgressInvokeActionEventType{Message: text}})
		})
	}}, s.err
}

// streams read n items of each kind of stream: their texts, and a diagnostic as "!" and its detail.
var streams = map[string]func(ctx context.Context, s Server, n int) ([]string, error){
	"ListResource": func(ctx context.Context, s Server, n int) (got []string, _ error) {
		stream, err := s.ListResource(ctx, &tfprotov6.ListResourceRequest{})
		if err != nil || stream == nil {
			return nil, err
		}
		for r := range stream.Results {
			got = append(got, r.DisplayName+detail(r.Diagnostics))
			if len(got) == n {
				break
			}
		}
		return got, nil
	},
	"InvokeAction": func(ctx context.Context, s Server, n int) (got []string, _ error) {
		stream, err := s.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{})
		if err != nil || stream == nil {
			return nil, err
		}
		for e := range stream.Events {
			switch e := e.Type.(type) {
			case tfprotov6.ProgressInvokeActionEventType:
				got = append(got, e.Message)
			case tfprotov6.CompletedInvokeActionEventType:
				got = append(got, detail(e.Diagnostics))
			}
			if len(got) == n {
				break
			}
		}
		return got, nil
	},
}

func detail(diags []*tfprotov6.Diagnostic) (text string) {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError && d.Summary != "" {
			text += "!" + d.Detail
		}
	}
	return text
}

// eachStream runs a test for each kind of stream. Read reads up to n items in
// the context of a call.
func eachStream(t *testing.T, next func() *streamer, test func(t *testing.T, s *streamer, read func(n int) ([]string, error))) {
	for kind, read := range streams {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			ctx := context.WithValue(tflogtest.RootLogger(t.Context(), &log), name{}, "call")
			s := next()
			test(t, s, func(n int) ([]string, error) { return read(ctx, New(s, redactSecret), n) })
			if s.kept.Value(name{}) != nil {
				t.Error("the stream has ended, and the context of its call is still held")
			}
			if strings.Contains(log.String(), secret) || s.panics != nil && !strings.Contains(log.String(), "streamer") {
				t.Error("the log has no trace, or the secret")
			}
		})
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	eachStream(t, func() *streamer { return &streamer{} }, func(t *testing.T, _ *streamer, read func(int) ([]string, error)) {
		if got, err := read(-1); err != nil || strings.Join(got, " ") != "call call call" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestStream_stoppedEarly(t *testing.T) {
	t.Parallel()
	eachStream(t, func() *streamer { return &streamer{} }, func(t *testing.T, _ *streamer, read func(int) ([]string, error)) {
		if got, err := read(2); err != nil || strings.Join(got, " ") != "call call" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestStream_panics(t *testing.T) {
	t.Parallel()
	eachStream(t, func() *streamer { return &streamer{panics: "listing with " + secret} }, func(t *testing.T, _ *streamer, read func(int) ([]string, error)) {
		got, err := read(-1)
		if err != nil || len(got) != 4 || !strings.HasPrefix(got[3], "!the provider panicked") || !strings.HasSuffix(got[3], "listing with [redacted]") {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestStream_panicsAtOnce: the panic is the only item.
func TestStream_panicsAtOnce(t *testing.T) {
	t.Parallel()
	eachStream(t, func() *streamer { return &streamer{panics: "listing with " + secret, empty: true} }, func(t *testing.T, _ *streamer, read func(int) ([]string, error)) {
		got, err := read(-1)
		if err != nil || len(got) != 1 || !strings.HasSuffix(got[0], "listing with [redacted]") {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestStream_heedless: a consumer that has stopped gets nothing more, not even
// that the iterator panicked.
func TestStream_heedless(t *testing.T) {
	t.Parallel()
	eachStream(t, func() *streamer { return &streamer{heedless: true, panics: "listing with " + secret} }, func(t *testing.T, s *streamer, read func(int) ([]string, error)) {
		if got, err := read(1); err != nil || strings.Join(got, " ") != "call" || s.wanted {
			t.Errorf("%q, %v, more wanted: %t", got, err, s.wanted)
		}
	})
}

func TestStream_refused(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	eachStream(t, func() *streamer { return &streamer{err: refused} }, func(t *testing.T, _ *streamer, read func(int) ([]string, error)) {
		if got, err := read(-1); got != nil || !errors.Is(err, refused) {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestStream_none: an answer without a stream is passed on.
func TestStream_none(t *testing.T) {
	t.Parallel()
	s := &streamer{none: true}
	stream, err := New(s, redactSecret).ListResource(context.WithValue(t.Context(), name{}, "call"), &tfprotov6.ListResourceRequest{})
	if stream != nil || err != nil || s.kept.Value(name{}) != nil {
		t.Errorf("%v, %v, or the context of the call is still held", stream, err)
	}
}

// TestStream_consumerPanics: the guard is for the provider's panics alone.
func TestStream_consumerPanics(t *testing.T) {
	t.Parallel()
	s := &streamer{}
	stream, err := New(s, redactSecret).ListResource(context.WithValue(t.Context(), name{}, "call"), &tfprotov6.ListResourceRequest{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if v := recover(); v != "the consumer's own" {
			t.Errorf("recovered %v", v)
		}
		if s.kept.Value(name{}) != nil {
			t.Error("the stream has ended, and the context of its call is still held")
		}
	}()
	for range stream.Results {
		panic("the consumer's own")
	}
}
