package app

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestAppIDValidator(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"a": "", "A-b_9": "", strings.Repeat("x", 32): "",
		strings.Repeat("x", 33): "warning", "": "error", "a b": "error", "a.b": "error", "ä": "error", "a/b": "error",
		"ids": "error", "searches": "error",
	} {
		var resp validator.StringResponse
		appID{}.ValidateString(context.Background(), validator.StringRequest{Path: path.Root("id"), ConfigValue: types.StringValue(id)}, &resp)
		got := ""
		switch d := resp.Diagnostics; {
		case d.HasError():
			got = "error"
		case d.WarningsCount() > 0:
			got = "warning"
		}
		if got != want {
			t.Errorf("%q: %q instead of %q", id, got, want)
		}
	}
}

func TestSameJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":2}`, ` {"b": 2.0, "a": 1e0} `, true},
		{`{"n":12345678901234567890}`, `{"n":12345678901234567168}`, true}, // the API holds doubles
		{`{"n":1}`, `{"n":1.0000001}`, false},
		{``, `{}`, true}, {`null`, ``, true}, {`{ }`, `{}`, true},
		{`{"a":null}`, `{}`, false},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		{`{"a":"<"}`, `{"a":"\u003c"}`, true},
	} {
		if got := sameJSON([]byte(c.a), []byte(c.b)); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
