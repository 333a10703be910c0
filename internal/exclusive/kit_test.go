package exclusive_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

var must, says, saysNot = apitest.Must, apitest.Says, apitest.SaysNot

// account is one in which keys are made by hand.
type account struct {
	t *testing.T
	w *acctest.World
}

// hand creates a key outside of Terraform, and returns its ID.
func (e account) hand(description string) string {
	e.t.Helper()
	return e.w.MakeKey(e.t, emulator.Key{Description: description, Scopes: []string{"All"}})
}

// alive checks which keys of the account are alive, by description.
func (e account) alive(want ...string) {
	e.t.Helper()
	counted := map[string]int{}
	for _, k := range e.w.Keys(e.w.UserID(), "") {
		counted[k.Description]++
	}
	wanted := map[string]int{}
	for _, d := range want {
		wanted[d]++
	}
	apitest.Equal(e.t, counted, wanted, "alive")
}

// keySet is the set of exclusive keys of the app "tenant", which nothing else manages.
type keySet struct {
	account
	stored *acctest.Stored
	config map[string]any
}

func newKeySet(t *testing.T, o emulator.Options) *keySet {
	t.Helper()
	w := acctest.Start(t, o)
	w.MakeApps(t, "tenant")
	return &keySet{account{t, w}, &acctest.Stored{Type: setType}, map[string]any{"app_id": "tenant"}}
}

// keep configures which keys to keep.
func (s *keySet) keep(ids ...string) { s.config["key_ids"] = ids }

// plan plans in a process of its own.
func (s *keySet) plan() *acctest.Plan {
	s.t.Helper()
	return s.w.Process(s.t).Plan(s.stored, s.config)
}

// unrefreshed is plan without a refresh.
func (s *keySet) unrefreshed() *acctest.Plan {
	s.t.Helper()
	return s.w.Process(s.t).PlanOnly(s.stored, s.config)
}

// apply applies a plan in another process, and returns what both say.
func (s *keySet) apply(plan *acctest.Plan) acctest.Said {
	s.t.Helper()
	must(s.t, plan.Said.Err())
	var said acctest.Said
	s.stored, said = s.w.Process(s.t).Apply(plan, nil)
	return append(plan.Said, said...)
}

// mustApply plans and applies.
func (s *keySet) mustApply() string {
	s.t.Helper()
	said := s.apply(s.plan())
	must(s.t, said.Err())
	return said.String()
}

// expect checks what a plan does, and what the state names to be revoked.
func (s *keySet) expect(plan *acctest.Plan, action acctest.Action, revoked ...string) {
	s.t.Helper()
	must(s.t, plan.Said.Err())
	apitest.Equal(s.t, plan.Action, action, "the plan", plan.Said)
	says(s.t, plan.Prior.Text(), revoked...)
}
