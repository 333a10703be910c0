package main

import (
	"fmt"
	"slices"
	"time"
)

// median returns the middle value, or the mean of the two in the middle.
func median[T ~int | ~int64 | ~float64](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// ratio returns the median of a/b over rounds, and whether there is any. It
// compares round by round, not medians, because a busy machine slows whole rounds.
func ratio(a, b []usage, of func(usage) time.Duration) (float64, bool) {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if of(b[i]) > 0 {
			ratios = append(ratios, float64(of(a[i]))/float64(of(b[i])))
		}
	}
	return median(ratios), len(ratios) > 0
}

func wall(u usage) time.Duration        { return u.Wall }
func cpu(u usage) time.Duration         { return u.CPU }
func providerCPU(u usage) time.Duration { return u.ProviderCPU }

// middle returns the median of each figure, and the highest peak.
func middle(all []usage) usage {
	pick := func(of func(usage) time.Duration) time.Duration {
		values := make([]time.Duration, len(all))
		for i, u := range all {
			values[i] = of(u)
		}
		return median(values)
	}
	u := usage{Wall: pick(wall), CPU: pick(cpu), ProviderCPU: pick(providerCPU)}
	for _, one := range all {
		u.Peak = max(u.Peak, one.Peak) // the bound is on the worst
	}
	return u
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func megabytes(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) }
