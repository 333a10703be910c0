package base

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
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

// Only the alias, or the lack of any user, costs a question.
func TestUser(t *testing.T) {
	t.Parallel()
	alice := apitest.Reply(200, apitest.OKStatus+`,"user":{"id":"alice"}}`)
	refused := apitest.Reply(401, `{"status":{"code":11009,"description":"API key not found"}}`)
	for _, c := range []struct {
		configured, provider, want string
		refused                    bool
		asks                       int
	}{
		{"globex", "acme", "globex", false, 0},
		{"", "acme", "acme", false, 0},
		{"me", "acme", "alice", false, 1},
		{"", "me", "alice", false, 1},
		{"", "", "alice", false, 1},
		{"", "", "set user_id to skip the question", true, 3}, // then whose PAT it is
	} {
		rec := apitest.Record(alice)
		if c.refused {
			rec = apitest.Record(refused)
		}
		client, err := clarifai.New(clarifai.Config{BaseURL: apitest.Serve(t, rec), PAT: apitest.NewSecret()})
		apitest.Must(t, err)
		inv := inventory.New(client, inventory.Config{UserID: c.provider})
		b := base{data: New(inv, c.provider, nil)}
		var diags diag.Diagnostics
		owner := types.StringValue(c.configured)
		_, ok := b.Account(t.Context(), &owner, &diags)
		got := owner.ValueString()
		if c.refused && !ok {
			got = diags[0].Detail()
		}
		if ok == c.refused || !strings.Contains(got, c.want) || len(rec.All()) != c.asks {
			t.Errorf("%q with the provider's %q: %q in %d requests", c.configured, c.provider, got, len(rec.All()))
		}
	}
}
