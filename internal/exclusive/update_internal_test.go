package exclusive

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Whatever a state says, a key that was to be kept until now is not revoked, and
// neither is any key of another app than before.
func TestToRevoke(t *testing.T) {
	t.Parallel()
	client, err := clarifai.New(clarifai.Config{BaseURL: "http://127.0.0.1:1", PAT: strings.Repeat("0", 32)})
	apitest.Must(t, err)
	inv := inventory.New(client, inventory.Config{})
	key := func(c string) clarifai.Key {
		return clarifai.Key{UserID: "acme", AppID: "shop", Fingerprint: strings.Repeat(c, 16)}
	}
	set := func(keys ...clarifai.Key) types.Set {
		var ids []attr.Value
		for _, k := range keys {
			ids = append(ids, types.StringValue(k.ID()))
		}
		return types.SetValueMust(types.StringType, ids)
	}
	prior := exclusiveModel{
		UserID: types.StringValue("acme"), AppID: types.StringValue("shop"),
		KeyIDs: set(key("a"), key("b")), OtherKeys: otherKeysFromAPI(inv, []clarifai.Key{key("b"), key("c"), key("d")}),
	}
	plan := prior
	plan.KeyIDs = set(key("a"))
	elsewhere := plan
	elsewhere.AppID = types.StringValue("renamed")
	others := []clarifai.Key{key("b"), key("c"), key("e")} // d is gone, e is new
	for name, c := range map[string]struct {
		update exclusiveUpdate
		want   []string
	}{
		"update":      {exclusiveUpdate{inv: inv, plan: plan, prior: &prior}, []string{key("c").Fingerprint}},
		"another app": {exclusiveUpdate{inv: inv, plan: elsewhere, prior: &prior}, nil},
		"create":      {exclusiveUpdate{inv: inv, plan: plan}, nil},
	} {
		toRevoke, err := c.update.toRevoke(t.Context(), append(others, key("a")), others)
		if got := fingerprintsOf(toRevoke); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v are revoked, %v", name, got, err)
		}
	}
}
