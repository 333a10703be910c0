package appkey_test

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestRotatingAppKey_rotation follows a key through a rotation: the old one lives for
// the overlap, and plans between the dates are empty.
func TestRotatingAppKey_rotation(t *testing.T) {
	t.Parallel()
	for name, s := range emulator.Variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, s)
			r.check(1)
			first := r.state()
			r.clock.Advance(90*day - time.Minute)
			r.check(1)
			r.updates(time.Hour, 2)
			second := r.state()
			if second["key"] == first["key"] || second["previous_key"] != first["key"] || second["previous_id"] != first["id"] {
				t.Errorf("the current key was not rotated to the previous one: %v", second["previous_id"])
			}
			if k := r.live()[second["key"]]; k.Description != "d (after "+first["fingerprint"]+")" || second["description"] != "d" {
				t.Errorf("the descriptions are %q and, in the state, %q", k.Description, second["description"])
			}
			r.updates(7*day+time.Hour, 1)
			third := r.state()
			if k := r.live()[third["key"]]; k.Description != "d" || third["previous_id"] != "" || third["previous_expires_at"] != "" || third["previous_key"] != "" {
				t.Errorf("after the overlap, the description is %q: %v", k.Description, third["previous_id"])
			}
			r.destroy()
		})
	}
}
