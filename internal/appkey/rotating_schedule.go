package appkey

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// defaultOverlap is how long a previous key stays alive where overlap is not set.
const defaultOverlap = 24 * time.Hour

// schedule says when a key rotates and when the one before it is revoked.
type schedule struct {
	period, overlap, spread time.Duration
}

// newSchedule reports false if a part of it is unknown or invalid, or if there is
// no period, as after an import.
func newSchedule(period, overlap, spread types.String) (s schedule, ok bool) {
	if period.ValueString() == "" || overlap.IsUnknown() || spread.IsUnknown() {
		return s, false
	}
	var errs [3]error
	s.period, errs[0] = durationOr(period, 0)
	s.overlap, errs[1] = durationOr(overlap, defaultOverlap)
	s.spread, errs[2] = durationOr(spread, 0)
	return s, errors.Join(errs[:]...) == nil
}

// overlapOf returns the overlap that an attribute stands for, 0 if it is unknown.
func overlapOf(text types.String) time.Duration {
	d, _ := durationOr(text, defaultOverlap)
	return d
}

// durationOr returns the duration in an attribute, or its default.
func durationOr(text types.String, fallback time.Duration) (time.Duration, error) {
	if text.IsNull() {
		return fallback, nil
	}
	return parseDuration(text.ValueString())
}

// next returns when a key that came into use at that time is rotated. Each key
// loses its own fixed share of the spread, so that keys made together do not all
// rotate together.
func (s schedule) next(rotatedAt time.Time, fingerprint string) time.Time {
	return rotatedAt.Add(s.period - s.share(fingerprint))
}

// first is next for a key that comes under rotation late, by an import or a move:
// what is overdue is spread from now on.
func (s schedule) first(rotatedAt time.Time, fingerprint string, now time.Time) time.Time {
	if next := s.next(rotatedAt, fingerprint); next.After(now) {
		return next
	}
	return now.Add(s.share(fingerprint))
}

// share returns a key's share of the spread. A fingerprint is the beginning of a
// hash, so shares are evenly distributed.
func (s schedule) share(fingerprint string) time.Duration {
	n, err := strconv.ParseUint(fingerprint, 16, 64)
	if err != nil {
		return 0
	}
	return time.Duration(float64(s.spread) * (float64(n) / math.MaxUint64))
}

var errDuration = errors.New("not a duration")

// parseDuration reads a Go duration, which may begin with days, such as 90d or 1d12h.
func parseDuration(text string) (time.Duration, error) {
	var days time.Duration
	if count, rest, ok := strings.Cut(text, "d"); ok {
		n, err := strconv.ParseUint(count, 10, 32)
		if err != nil || n > 99999 {
			return 0, errDuration
		}
		days = time.Duration(n) * 24 * time.Hour
		if text = rest; text == "" {
			return days, nil
		}
		if text[0] < '0' || text[0] > '9' { // a sign
			return 0, errDuration
		}
	}
	rest, err := time.ParseDuration(text)
	if err != nil || rest > math.MaxInt64-days {
		return 0, errDuration
	}
	return days + rest, nil
}

// validateSchedule adds an error if the keys of two rotations would overlap.
func validateSchedule(period, overlap, spread types.String, diags *diag.Diagnostics) {
	s, ok := newSchedule(period, overlap, spread)
	if !ok || s.period <= 0 || s.overlap+s.spread < s.period && s.overlap+s.spread >= s.overlap {
		return
	}
	attribute, which := "overlap", "overlap "+overlap.ValueString()
	if overlap.IsNull() {
		which = "overlap 24h (the default)"
	}
	if spread.IsNull() {
		which = " and " + which
	} else {
		which = ", " + which + " and rotation_spread " + spread.ValueString()
		if s.overlap < s.period {
			attribute = "rotation_spread"
		}
	}
	diags.AddAttributeError(path.Root(attribute), "The keys of two rotations would overlap",
		"rotation_period is "+period.ValueString()+which+". overlap and rotation_spread together must be shorter than rotation_period, "+
			"so that no more than two keys are alive. Set "+attribute+" to less, or rotation_period to more.")
}

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
