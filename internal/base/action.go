package base

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
)

// Run does the work of an action. The framework invokes an action on a goroutine
// of its own, so a panic has to be recovered here. Work reports progress with
// tell, which shows no secret that the run has seen, and waits only for a moment if
// nobody reads.
func (a *Action) Run(ctx context.Context, resp *action.InvokeResponse, work func(tell func(message string))) {
	redact := a.data.Inventory().Redact
	p := newProgress(func(message string) {
		resp.SendProgress(action.InvokeProgressEvent{Message: redact(message)})
	})
	defer p.wait(ctx)
	defer func() {
		if v := recover(); v != nil {
			resp.Diagnostics.AddError("The provider panicked", guard.Panicked(ctx, v, redact).Error())
		}
	}()
	work(p.tell)
}

// progress sends messages in order, from goroutines of their own: once Terraform
// no longer reads, sending one never returns, and the work must not stop there.
type progress struct {
	send   func(string)
	last   chan struct{} // closed when the last message was sent
	unread bool          // a message was not read for so long that nobody seems to
}

// readTime is how long Terraform may take to read a message.
const readTime = 200 * time.Millisecond

func newProgress(send func(string)) *progress {
	none := make(chan struct{})
	close(none)
	return &progress{send: send, last: none}
}

// tell sends a message after those before it. It returns once it was read, so that what
// follows happens after it was said.
func (p *progress) tell(message string) {
	before, sent := p.last, make(chan struct{})
	p.last = sent
	go func() {
		<-before
		p.send(message)
		close(sent)
	}()
	if p.unread {
		return
	}
	select {
	case <-sent:
	case <-time.After(readTime):
		p.unread = true
	}
}

// wait returns when all messages were sent, or when nobody can be reading any
// longer.
func (p *progress) wait(ctx context.Context) {
	select {
	case <-p.last:
	case <-ctx.Done():
	}
}
