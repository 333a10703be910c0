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

// clumsy panics with a secret in what it is asked.
type clumsy struct{ Server }

const secret = "a secret of nobody"

func redactSecret(s string) string { return strings.ReplaceAll(s, secret, "[redacted]") }

func (clumsy) ReadDataSource(context.Context, *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	panic("reading with " + secret)
}

func (clumsy) ReadResource(context.Context, *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	panic(errors.New("reading with " + secret))
}

func (clumsy) ListResource(context.Context, *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	panic("reading with " + secret)
}

// TestPanicsAreErrors: a panic ends the call and not the process, and shows no
// secret, neither to the user nor in the log.
func TestPanicsAreErrors(t *testing.T) {
	t.Parallel()
	s := New(clumsy{}, redactSecret)
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	_, err1 := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{})
	_, err2 := s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{})
	_, err3 := s.ListResource(ctx, &tfprotov6.ListResourceRequest{})
	for _, err := range []error{err1, err2, err3} {
		if err == nil || !strings.Contains(err.Error(), "panicked") || !strings.HasSuffix(err.Error(), "reading with [redacted]") {
			t.Errorf("%v", err)
		}
	}
	if text := log.String(); !strings.Contains(text, "clumsy") || strings.Contains(text, secret) {
		t.Errorf("the log has no trace, or the secret: %s", redactSecret(text))
	}
}
