package appkey

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestCheckNoOthers gives the date after which a rotating key can move to a plain one: the last of those of the keys
// before it. Only that of the previous key follows the overlap.
func TestCheckNoOthers(t *testing.T) {
	t.Parallel()
	const current, previous, older = "u/a/0123456789abcdef", "u/a/1123456789abcdef", "u/a/2123456789abcdef"
	until, dates := "2026-12-01T00:00:00Z", retireDates{"2123456789abcdef": time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC)}
	for name, c := range map[string]struct {
		previous, until string
		keys            []string
		dates           retireDates
		want            string
		not             string
	}{
		"none":               {keys: []string{current}},
		"the previous one":   {previous, until, []string{current, previous}, dates, "an apply after " + until + " revokes them. Move it then. To revoke them sooner", older},
		"an older one":       {"", "", []string{current, older}, dates, "an apply after 2026-12-02T00:00:00Z revokes them", "sooner"},
		"both":               {previous, until, []string{current, previous, older}, dates, "an apply after 2026-12-02T00:00:00Z revokes them", "sooner"},
		"one without a date": {"", "", []string{current, older}, nil, "for now: an apply revokes them", "sooner"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := rotatingKeyModel{PreviousID: types.StringValue(c.previous), PreviousExpiresAt: types.StringValue(c.until)}
			state.ID = types.StringValue(current)
			state.setKeys(c.keys...)
			var diags diag.Diagnostics
			checkNoOthers(state, c.dates, &diags)
			if diags.HasError() != (c.want != "") {
				t.Fatalf("diagnostics: %v", diags)
			}
			if text := strings.TrimSpace(strings.Join(details(diags), "\n")); !strings.Contains(text, c.want) || c.not != "" && strings.Contains(text, c.not) {
				t.Errorf("the error says:\n%s\nwant: %s\nand not: %s", text, c.want, c.not)
			}
		})
	}
}

func details(diags diag.Diagnostics) (texts []string) {
	for _, d := range diags {
		texts = append(texts, d.Detail())
	}
	return texts
}
