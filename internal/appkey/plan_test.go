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
		now := time.Now()
		state := appKeyModel{ID: types.StringValue("u/a/fingerprint"), ExpiresAt: types.StringValue(now.Add(in).Format(time.RFC3339Nano))}
		got := isExpired(state, now)
		warnExpiry(state, now, "replaces", &diags)
		text := ""
		for _, d := range diags {
			text += d.Detail()
		}
		if got != want.expired || diags.HasError() || (want.warning == "") != (text == "") || !strings.Contains(text, want.warning) {
			t.Errorf("%s: %v, %q", in, got, text)
		}
	}
	for _, at := range []types.String{types.StringNull(), types.StringValue(""), types.StringValue("soon")} {
		var diags diag.Diagnostics
		state := appKeyModel{ExpiresAt: at}
		if warnExpiry(state, time.Now(), "replaces", &diags); isExpired(state, time.Now()) || len(diags) > 0 {
			t.Errorf("%s is taken for an expiry", at)
		}
	}
}
