package main

import (
	"math"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   []float64
		want float64
	}{
		{nil, 0}, {[]float64{3}, 3}, {[]float64{5, 1, 3}, 3}, {[]float64{4, 1, 3, 2}, 2.5}, {[]float64{1, 1, 100}, 1},
	} {
		in := append([]float64(nil), c.in...)
		if got := median(in); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.in, got, c.want)
		}
		for i := range in {
			apitest.Equal(t, in[i], c.in[i], "median reorders", c.in)
		}
	}
}

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
