package appkey

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestExpired(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for in, want := range map[time.Duration]struct {
		expired bool
		warning string
	}{
		31 * day:             {},
		29*day + 1*time.Hour: {warning: "in 29 days"},
		time.Hour:            {warning: "in 0 days"},
		-time.Second:         {expired: true},
		-400 * day:           {expired: true},
	} {
		var diags diag.Diagnostics
		state := model{ID: types.StringValue("u/a/print"), ExpiresAt: types.StringValue(time.Now().Add(in).Format(time.RFC3339Nano))}
		got := (&Resource{}).expired(state, &diags)
		text := ""
		for _, d := range diags.Warnings() {
			text += d.Detail()
		}
		if got != want.expired || (want.warning == "") != (text == "") || !strings.Contains(text, want.warning) {
			t.Errorf("%s: %v, %q", in, got, text)
		}
	}
	for _, at := range []types.String{types.StringNull(), types.StringValue(""), types.StringValue("soon")} {
		var diags diag.Diagnostics
		if (&Resource{}).expired(model{ExpiresAt: at}, &diags) || len(diags) > 0 {
			t.Errorf("%s is taken for an end", at)
		}
	}
}
