package acctest

import (
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
)

// Shown returns what a plan shows of what its apply may revoke: the values that it changes
// or destroys, and what is said, except of keys that stay.
func (p *Process) Shown(plan *Plan) string {
	p.t.Helper()
	said := slices.DeleteFunc(slices.Clone(plan.Said), recorder.LivesOn)
	shown := []string{said.String()}
	before, after := p.attributes(plan.Prior.state, plan.Prior.Type), p.attributes(plan.planned, plan.Prior.Type)
	for name, v := range before {
		if plan.Action == Destroy || plan.Action == Replace || !v.Equal(after[name]) {
			shown = append(shown, name+" = "+v.String())
		}
	}
	slices.Sort(shown)
	return strings.Join(shown, "\n")
}
