package appkey

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// clockTolerance is by how much the clock of a machine may differ from Clarifai's without
// a warning.
const clockTolerance = time.Hour

// hasWrongClock reports whether the machine's clock differs from Clarifai's, which nothing
// has said yet.
func hasWrongClock(data *base.Data) bool {
	inv := data.Inventory()
	return inv.Now().Sub(inv.ServerNow()).Abs() > clockTolerance && !data.App(clarifai.AppRef{}).SaidClock
}

// warnClock warns, once per run, of a clock by which keys would rotate, and be revoked, at
// the wrong time.
func (r *keyResource) warnClock(diags *diag.Diagnostics) {
	if !r.Ready() || !hasWrongClock(r.Data()) || !r.Data().Say(clarifai.AppRef{}, func(a *run.App) *bool { return &a.SaidClock }) {
		return
	}
	inv := r.Data().Inventory()
	now, server, which, effect := inv.Now(), inv.ServerNow(), "ahead", "early"
	ahead := now.Sub(server)
	if ahead < 0 {
		which, effect = "behind", "late"
	}
	diags.AddWarning("The clock of this machine is wrong", fmt.Sprintf(
		"It says %s, but by Clarifai's answers it is %s: it is %s %s. Rotations and revocations follow the clock of the machine that runs "+
			"Terraform, so keys rotate and are revoked too %s, and the state keeps the wrong dates. Set the clock, and plan again before you apply.",
		now.UTC().Format(time.RFC3339), server.UTC().Format(time.RFC3339), long(ahead.Abs()), which, effect))
}

// long returns how messages say a time of more than an hour.
func long(d time.Duration) string {
	if days := int(d.Hours() / 24); days > 1 {
		return fmt.Sprint(days, " days")
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
