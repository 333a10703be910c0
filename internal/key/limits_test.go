package key

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestAddLimitErrors compares what a new key was asked to be limited to with what
// it is.
func TestAddLimitErrors(t *testing.T) {
	t.Parallel()
	const one, two = "/clarifai.api.V2/GetApp", "/clarifai.api.V2/PostInputs"
	for name, c := range map[string]struct {
		asked, got         []string
		askedEnds, gotEnds []string
		says               string
	}{
		"as asked":            {asked: []string{"Predict"}, got: []string{"Predict"}, askedEnds: []string{one}, gotEnds: []string{one}},
		"expanded":            {asked: []string{"Inputs:Add"}, got: []string{"Inputs_Get", "Inputs_Add"}},
		"filled in":           {askedEnds: []string{one}, got: []string{"All"}, gotEnds: []string{one}},
		"endpoints hidden":    {askedEnds: []string{one}},
		"other scopes":        {asked: []string{"Predict"}, got: []string{"All"}, says: "asks for Predict; the new key u/a/ has All"},
		"more endpoints":      {askedEnds: []string{one}, gotEnds: []string{one, two}, says: "set endpoints to what Clarifai gives"},
		"a terminal obeys it": {asked: []string{"Predict"}, got: []string{"All\x1b[8m"}, says: `has All\x1b[8m. The`},
		"a scope was dropped": {asked: []string{"Predict", "Search"}, got: []string{"Search"}, says: "set scopes to what Clarifai gives"},
	} {
		asked := inventory.NewKey{Scopes: c.asked, Endpoints: c.askedEnds}
		var diags diag.Diagnostics
		AddLimitErrors(asked, clarifai.Key{UserID: "u", AppID: "a", Scopes: c.got, Endpoints: c.gotEnds}, &diags)
		text := ""
		for _, d := range diags.Errors() {
			text += d.Detail()
		}
		apitest.SaysOnly(t, text, c.says, name)
	}
}
