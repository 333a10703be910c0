package base

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// Once Terraform no longer reads, SendProgress does not return: the work goes on,
// and the action ends when its call does.
func TestRun_nobodyReads(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	resp := &action.InvokeResponse{SendProgress: func(action.InvokeProgressEvent) { <-never }}
	var a Action
	done := 0
	a.Run(ctx, resp, func(tell func(string)) {
		for range 3 {
			tell("working")
			done++
		}
		cancel()
	})
	apitest.Equal(t, done, 3, "pieces of work done")
}

// A panic is an error without a secret, and messages before it arrive.
func TestRun_panics(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("0123456789abcdef", 2)
	var got []string
	resp := &action.InvokeResponse{SendProgress: func(e action.InvokeProgressEvent) { got = append(got, e.Message) }}
	var a Action
	a.Run(t.Context(), resp, func(tell func(string)) {
		tell("revoking " + secret)
		panic("revoking " + secret)
	})
	if len(got) != 1 || len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail(), "panicked") {
		t.Fatalf("%d messages, %v", len(got), resp.Diagnostics.ErrorsCount())
	}
	if strings.Contains(got[0]+resp.Diagnostics[0].Detail(), secret) {
		t.Error("the secret shows")
	}
}
