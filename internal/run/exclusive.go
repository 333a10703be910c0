package run

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A set of exclusive keys and a resource of a key that the set leaves out undo each
// other: each apply revokes what the next one creates again. Neither sees the other, so
// the second of the two plans finds out.

// KeyPlan is a plan for the keys of a resource that is neither destroyed, replaced nor
// moved.
type KeyPlan struct {
	App clarifai.AppRef
	IDs []clarifai.KeyRef // that the state holds, the current key first; none: it is being created
	// Changes reports that the current key will be another one, which an element of
	// key_ids that is not known yet may be.
	Changes bool
}

// SetPlan is a plan for a set of exclusive keys that is neither destroyed, replaced nor
// moved.
type SetPlan struct {
	App  clarifai.AppRef
	Kept map[string]bool // the fingerprints in key_ids, as far as they are known
	// Partly reports that an element of key_ids is not known yet, and Unknown that none
	// is.
	Partly, Unknown bool
	New             bool // it is being created
}

// leavesOut returns what a set means for the keys of a resource: they clash if it leaves
// them out.
func (s SetPlan) leavesOut(k KeyPlan) Clash {
	for _, id := range k.IDs {
		if s.Kept[id.Fingerprint] {
			return NoClash
		}
	}
	isNew := len(k.IDs) == 0
	switch {
	case s.Unknown, s.Partly && (isNew || k.Changes):
		return NoClash // what is not known yet may well be it
	case s.Partly, s.New, isNew:
		return MayClash
	}
	return Clashes
}

// PlanKey notes a plan for a key and looks for sets that leave it out. Of one that
// exists, only a plan counts that has read it: an apply, which reads nothing, must not
// fail half-way.
func (r *Run) PlanKey(plan KeyPlan) (worst Clash) {
	r.mu.Lock()
	defer r.mu.Unlock()
	app := r.apps.of(plan.App)
	wasRead := func(ref clarifai.KeyRef) bool { return r.keys.of(identity(ref)).Read }
	switch {
	case len(plan.IDs) == 0:
		app.newKeys++
	case !slices.ContainsFunc(plan.IDs, wasRead):
		return NoClash
	default:
		if app.keyPlans == nil {
			app.keyPlans = map[string]KeyPlan{}
		}
		app.keyPlans[plan.IDs[0].Fingerprint] = plan
	}
	for _, set := range app.sets {
		worst = max(worst, set.leavesOut(plan))
	}
	return worst
}

// ForgetKeyPlan takes back the plan for a key that turns out to be replaced.
func (r *Run) ForgetKeyPlan(ref clarifai.KeyRef) {
	r.NoteApp(ref.AppRef(), func(a *App) { delete(a.keyPlans, ref.Fingerprint) })
}

// NoteKeyCreated takes back one plan to create a key: in an apply, a set may have its ID
// by now.
func (r *Run) NoteKeyCreated(app clarifai.AppRef) {
	r.NoteApp(app, func(a *App) { a.newKeys = max(0, a.newKeys-1) })
}

// SetClash is what a plan for a set means together with those before it.
type SetClash struct {
	LeftOut []clarifai.KeyRef // certainly
	MayBe   []clarifai.KeyRef // left out
	NewKey  bool              // a key that is being created may be left out
	Twice   Clash             // with another set of the same app, maybe once one of the two is created
}

// PlanSet notes a plan for a set, and looks for keys that it leaves out and for another
// set of the same app. Of a set that exists, only a plan counts that has read it.
func (r *Run) PlanSet(plan SetPlan) (c SetClash) {
	r.mu.Lock()
	defer r.mu.Unlock()
	app := r.apps.of(plan.App)
	if !plan.New && app.SetsRead == 0 {
		return c
	}
	for _, other := range app.sets {
		if plan.New || other.New {
			c.Twice = max(c.Twice, MayClash)
		} else if app.SetsRead > 1 { // else the other one is an earlier plan for this one
			c.Twice = Clashes
		}
	}
	app.sets = append(app.sets, plan)
	for _, k := range app.keyPlans {
		switch plan.leavesOut(k) {
		case Clashes:
			c.LeftOut = append(c.LeftOut, k.IDs[0])
		case MayClash:
			c.MayBe = append(c.MayBe, k.IDs[0])
		}
	}
	c.NewKey = app.newKeys > 0 && plan.leavesOut(KeyPlan{}) != NoClash
	return c
}
