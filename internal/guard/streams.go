package guard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	stream, it, err := callStream(ctx, s, req, s.next.ListResource)
	if stream != nil {
		stream.Results = guardIterator(it, stream.Results, func(err error) tfprotov6.ListResourceResult {
			return tfprotov6.ListResourceResult{Diagnostics: diagnostics(err)}
		})
	}
	return stream, err
}

// InvokeAction cannot recover a panic of the action itself: the framework runs
// Invoke in a goroutine of its own, so an action must recover there.
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	stream, it, err := callStream(ctx, s, req, s.next.InvokeAction)
	if stream != nil {
		stream.Events = guardIterator(it, stream.Events, func(err error) tfprotov6.InvokeActionEvent {
			return tfprotov6.InvokeActionEvent{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: diagnostics(err)}}
		})
	}
	return stream, err
}
