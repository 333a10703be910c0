package main

import (
	"math"
	"testing"
	"time"
)

func TestRatioComparesRoundByRound(t *testing.T) {
	t.Parallel()
	at := func(values ...int) (out []usage) {
		for _, v := range values {
			out = append(out, usage{Wall: time.Duration(v) * time.Second})
		}
		return out
	}
	for _, c := range []struct {
		a, b []usage
		want float64
		ok   bool
	}{
		{at(2), at(4), 0.5, true},
		{at(1, 10, 3), at(2, 20, 3), 0.5, true}, // the second round was ten times as slow for both
		{at(1, 2), at(2), 0.5, true},
		{at(4, 1), at(4, 2), 0.75, true},
		{at(1), at(0), 0, false},
		{nil, at(1), 0, false},
	} {
		got, ok := ratio(c.a, c.b, wall)
		if math.Abs(got-c.want) > 1e-9 || ok != c.ok {
			t.Errorf("ratio of %v and %v is %v, %t; want %v, %t", c.a, c.b, got, ok, c.want, c.ok)
		}
	}
}

func TestMiddle(t *testing.T) {
	t.Parallel()
	got := middle([]usage{{Wall: 3, CPU: 1, Peak: 5}, {Wall: 1, CPU: 9, Peak: 7}, {Wall: 2, CPU: 5, Peak: 6}})
	if got != (usage{Wall: 2, CPU: 5, Peak: 7}) {
		t.Errorf("%+v", got)
	}
}
