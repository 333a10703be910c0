package base

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// TestPending asks for a client before the provider block is known.
func TestPending(t *testing.T) {
	t.Parallel()
	for data, want := range map[any]string{
		Pending([]string{"pat", "user_id"}): "pat, user_id of the provider block depends on something that is not applied yet",
		nil:                                 "was not configured",
		"nonsense":                          "Got string",
	} {
		var r Resource
		var configured resource.ConfigureResponse
		r.Configure(context.Background(), resource.ConfigureRequest{ProviderData: data}, &configured)
		diags := configured.Diagnostics
		if _, ok := r.Inventory(&diags); ok || r.Ready() {
			t.Errorf("%v gives a client", data)
		}
		apitest.Says(t, texts(diags), want)
	}
}

func texts(diags diag.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		b.WriteString(d.Summary() + ": " + d.Detail() + "\n")
	}
	return b.String()
}
