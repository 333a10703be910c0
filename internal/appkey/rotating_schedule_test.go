package appkey

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func newFingerprint() string { return clarifai.Secret(apitest.NewSecret()).Fingerprint() }

// TestSchedule_fleet rotates 1,000 keys that were made together for a year, with a
// spread of 30 days: no day rotates more than 8 % of them, and none is late.
func TestSchedule_fleet(t *testing.T) {
	t.Parallel()
	const (
		fleet, most = 1000, 80
		day         = 24 * time.Hour
	)
	s, ok := newSchedule(types.StringValue("90d"), types.StringValue("7d"), types.StringValue("30d"))
	if !ok {
		t.Fatal("the schedule is invalid")
	}
	made := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	next := make([]time.Time, fleet)
	for i := range next {
		next[i] = s.next(made, newFingerprint())
	}
	for n := range 365 {
		today := made.Add(time.Duration(n) * day)
		rotated := 0
		for i := range next {
			if next[i].After(today) {
				continue
			}
			rotated++
			next[i] = s.next(today, newFingerprint())
			if d := next[i].Sub(today); d < 60*day || d > 90*day {
				t.Fatalf("a key lives for %s", d)
			}
		}
		if rotated > most {
			t.Errorf("on day %d, %d keys rotate", n, rotated)
		}
	}
	late := map[int]int{}
	for range fleet { // imported a year after they were made
		late[int(s.first(made, newFingerprint(), made.Add(365*day)).Sub(made.Add(365*day))/day)]++
	}
	for d, n := range late {
		if n > most || d < 0 || d > 30 {
			t.Errorf("%d keys rotate %d days after they were imported", n, d)
		}
	}
}

// TestParseDuration reads days and what Go calls durations.
func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"90d": 90 * 24 * time.Hour, "36h": 36 * time.Hour, "1d12h": 36 * time.Hour, "0d": 0, "1h30m": 90 * time.Minute, "0s": 0, "-1h": -time.Hour,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s is %s: %v", text, got, err)
		}
	}
	for _, text := range []string{"", "90", "d", "1w", "1.5d", "-90d", "90d-1h", "90d 1h", "123456d", "106751d24h1s", "90dd", "9999999999h"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}
