package base

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

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
