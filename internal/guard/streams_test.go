package guard

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

const secret = "a secret of nobody"

func redactSecret(s string) string { return strings.ReplaceAll(s, secret, "[redacted]") }

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

// TestStream reads each kind of stream in the context of a call, which is released when the
// stream ends, however it does. A consumer that has stopped gets nothing more, not even that
// the iterator panicked.
func TestStream(t *testing.T) {
	t.Parallel()
	const panics = "listing with " + secret
	for what, c := range map[string]struct {
		streamer streamer
		read     int // at most; -1: all
		want     string
	}{
		"to its end":       {streamer{}, -1, "call call call"},
		"stopped early":    {streamer{}, 2, "call call"},
		"panics":           {streamer{panics: panics}, -1, "call call call !the provider panicked.*listing with \\[redacted\\]"},
		"panics, an error": {streamer{panics: errors.New(panics)}, -1, "call call call !the provider panicked.*listing with \\[redacted\\]"},
		"panics at once":   {streamer{panics: panics, empty: true}, -1, "!the provider panicked.*listing with \\[redacted\\]"},
		"heedless, panics": {streamer{panics: panics, heedless: true}, 1, "call"},
		"refused":          {streamer{err: errors.New("refused")}, -1, ""},
	} {
		for kind, read := range streams {
			var log bytes.Buffer
			s, ctx := c.streamer, context.WithValue(tflogtest.RootLogger(t.Context(), &log), name{}, "call")
			got, err := read(ctx, New(&s, redactSecret), c.read)
			if !regexp.MustCompile("(?s)^"+c.want+"$").MatchString(strings.Join(got, " ")) || !errors.Is(err, s.err) || s.heedless && s.wanted {
				t.Errorf("%s, %s: %q, %v, more wanted: %t", what, kind, got, err, s.wanted)
			}
			if s.kept.Value(name{}) != nil {
				t.Error(what, kind, "the stream has ended, and the context of its call is still held")
			}
			if strings.Contains(log.String(), secret) || s.panics != nil && !strings.Contains(log.String(), "streamer") {
				t.Error(what, kind, "the log has no trace, or the secret")
			}
		}
	}
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
	apitest.Must(t, err)
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
