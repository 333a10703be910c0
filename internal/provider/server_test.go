package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

const keyType = "clarifai_app_key"

func answer[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// TestServer_isGuarded: a panic of the provider is an error of the call. No
// request at all makes each part panic that looks at it.
func TestServer_isGuarded(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, emulator.Options{}).Provider().Server()
	all, ok := s.(interface {
		tfprotov6.ListResourceServer
		tfprotov6.ActionServer
	})
	if !ok {
		t.Fatalf("%T does not answer all calls", s)
	}
	_, err1 := s.ReadResource(t.Context(), nil)
	_, err2 := s.ApplyResourceChange(t.Context(), nil)
	_, err3 := all.ListResource(t.Context(), nil)
	_, err4 := all.InvokeAction(t.Context(), nil)
	for _, err := range []error{err1, err2, err3, err4} {
		apitest.Fails(t, err, "panicked")
	}
}

// TestServer_failsLoudly: a provider without the guard and the fast path does not start.
func TestServer_failsLoudly(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a framework that answers fewer calls is served without a word")
		}
	}()
	provider.New("test").Serve(struct{ tfprotov6.ProviderServer }{})
}
