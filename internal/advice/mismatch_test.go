package advice

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestMismatch_quotesNoText: a text of the user's may be sensitive.
func TestMismatch_quotesNoText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attribute string
		want, got attr.Value
		quoted    bool
	}{
		"cleared":     {"description", types.StringNull(), types.StringValue("CANARY"), false},
		"emptied":     {"notes", types.StringValue(""), types.StringValue("CANARY"), false},
		"other":       {"description", types.StringValue("CANARY"), types.StringValue("CANARY too"), false},
		"other name":  {"name", types.StringValue("CANARY"), types.StringValue("x"), false},
		"metadata":    {"metadata", types.StringValue(`{"a":"CANARY"}`), types.StringNull(), false},
		"not a text":  {"visibility", types.StringValue("CANARY"), types.StringValue("ORG"), true},
		"not a text ": {"sample_ms", types.Int64Value(7), types.Int64Value(8), false},
	} {
		var diags diag.Diagnostics
		m := Mismatch{Object: "key", Attribute: c.attribute, Want: c.want, Got: c.got}
		m.AddError(&diags)
		m.AddWarning(&diags)
		for _, d := range diags {
			if text := d.Summary() + d.Detail(); strings.Contains(text, "CANARY") != c.quoted || !strings.Contains(text, c.attribute) || strings.Contains(text, "%!") {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}
