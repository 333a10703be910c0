package run

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// All waits for reads of a run together take two seconds at most.
func TestAwaitReads(t *testing.T) {
	t.Parallel()
	clock := apitest.NewClock()
	c, err := clarifai.New(clarifai.Config{PAT: apitest.NewSecret(), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	s, inv := NewSession(), inventory.New(c, inventory.Config{})
	asked := 0
	s.AwaitReads(t.Context(), inv, func() bool { asked++; return asked > 3 })
	if waited := total(clock); asked != 4 || waited != 3*readsTimeout/40 {
		t.Errorf("asked %d times in %s", asked, waited)
	}
	for range 3 {
		s.AwaitReads(t.Context(), inv, func() bool { return false })
	}
	if waited := total(clock); waited != readsTimeout {
		t.Errorf("waited %s", waited)
	}
}

func total(clock *apitest.Clock) (sum time.Duration) {
	for _, d := range clock.Sleeps() {
		sum += d
	}
	return sum
}
