package app

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestVisibility(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"PRIVATE": "", "ORG": "", "PUBLIC": "",
		"private": `Did you mean "PRIVATE"?`, "Org": `Did you mean "ORG"?`, "secret": `must be "PRIVATE", "ORG" or "PUBLIC".`, "": "must be",
	} {
		var resp validator.StringResponse
		visibility().ValidateString(t.Context(), validator.StringRequest{Path: path.Root("visibility"), ConfigValue: types.StringValue(text)}, &resp)
		if resp.Diagnostics.HasError() != (want != "") || want != "" && !strings.Contains(resp.Diagnostics[0].Detail(), want) {
			t.Errorf("%q: %v", text, resp.Diagnostics)
		}
	}
}
