package base

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// validate returns the worst severity that the validators find in a value. Every
// diagnostic must name the attribute and the value.
func validate(t *testing.T, validators []validator.String, value string) string {
	t.Helper()
	worst := ""
	for _, v := range validators {
		var resp validator.StringResponse
		v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("id"), ConfigValue: types.StringValue(value)}, &resp)
		for _, d := range resp.Diagnostics {
			if text := d.Detail(); !strings.Contains(text, "id") || !strings.Contains(text, value) {
				t.Errorf("%q: %s", value, text)
			}
		}
		switch {
		case resp.Diagnostics.HasError():
			worst = "error"
		case resp.Diagnostics.WarningsCount() > 0 && worst == "":
			worst = "warning"
		}
	}
	return worst
}

func TestIDs(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 33)
	own := map[string]string{
		"a": "", "A-b_9": "", long[1:]: "", long: "warning", "": "error", "a b": "error", "a.b": "error", "ä": "error", "a/b": "error", "ids": "error", "searches": "error",
	}
	of := map[string]string{"a": "", "A-b_9": "", long: "", "": "error", "a b": "error", "a.b": "error", "a/b": "error"}
	owner := map[string]string{"alice": "", "a.b-c_9": "", "": "error", "me": "error", "a/b": "error", "a b": "error", "a\n": "error", "menu": ""}
	for name, c := range map[string]struct {
		validators []validator.String
		want       map[string]string
	}{"an app's own": {OwnAppID(), own}, "of an app": {AppID(), of}, "of an owner": {OwnerID(), owner}} {
		for id, want := range c.want {
			if got := validate(t, c.validators, id); got != want || name == "of an app" && (got == "") != IsAppID(id) {
				t.Errorf("%s: %q: %q instead of %q", name, id, got, want)
			}
		}
	}
}

// A PAT in the place of an ID is refused, and not repeated.
func TestOwnerID_secret(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("0a1b2c3d", 4)
	var said diag.Diagnostics
	for _, v := range OwnerID() {
		var resp validator.StringResponse
		v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("user_id"), ConfigValue: types.StringValue(secret)}, &resp)
		said.Append(resp.Diagnostics...)
	}
	if len(said) != 1 || said[0].Severity() != diag.SeverityError || strings.Contains(said[0].Detail(), secret) {
		t.Errorf("%d diagnostics, which may repeat it", len(said))
	}
}

// A long description is not refused, and the warning does not repeat it.
func TestDescription(t *testing.T) {
	t.Parallel()
	for text, warnings := range map[string]int{"": 0, strings.Repeat("ä", 1000): 0, strings.Repeat("ä", 1001): 1} {
		var resp validator.StringResponse
		Description()[0].ValidateString(t.Context(), validator.StringRequest{Path: path.Root("description"), ConfigValue: types.StringValue(text)}, &resp)
		if resp.Diagnostics.WarningsCount() != warnings || resp.Diagnostics.HasError() {
			t.Errorf("%d characters: %v", len(text), resp.Diagnostics)
		}
		for _, d := range resp.Diagnostics {
			if strings.Contains(d.Detail(), text) || !strings.Contains(d.Detail(), "1001 characters") {
				t.Error(d.Detail())
			}
		}
	}
}
