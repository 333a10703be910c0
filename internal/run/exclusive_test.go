package run

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// TestLeavesOut: of a resource with two keys, a set leaves out what it revokes, whichever of
// them it names. A key that was made by hand and is named from now on is in both lists.
func TestLeavesOut(t *testing.T) {
	t.Parallel()
	plan := KeyPlan{IDs: []clarifai.KeyRef{{Fingerprint: "current"}, {Fingerprint: "previous"}}}
	for name, c := range map[string]struct {
		kept, revoked, left string
		want                Clash
	}{
		"nothing revoked":      {"current", "", "current", NoClash},
		"the previous revoked": {"current", "previous", "previous", Clashes},
		"the current revoked":  {"previous", "current", "current", Clashes},
		"named from now on":    {"current", "current", "current", NoClash},
	} {
		set := SetPlan{Kept: map[string]bool{c.kept: true}, Revoked: map[string]bool{c.revoked: true}}
		left, clash := set.leavesOut(plan)
		apitest.Equal(t, clash, c.want, "clash:", name)
		apitest.Equal(t, left.Fingerprint, c.left, "left out:", name)
	}
}
