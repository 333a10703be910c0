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
	// Revoked are the fingerprints of the keys that the plan revokes, unless they are kept.
	Revoked map[string]bool
	// Partly reports that an element of key_ids is not known yet, and Unknown that none
	// is.
	Partly, Unknown bool
	New             bool // it is being created
}

// leavesOut returns what a set means for the keys of a resource: they clash if it names
// none of them, or revokes one. It returns the one that it leaves out.
func (s SetPlan) leavesOut(k KeyPlan) (left clarifai.KeyRef, clash Clash) {
	isNew := len(k.IDs) == 0
	isNamed := slices.ContainsFunc(k.IDs, func(id clarifai.KeyRef) bool { return s.Kept[id.Fingerprint] })
	revoked := slices.IndexFunc(k.IDs, func(id clarifai.KeyRef) bool { return s.Revoked[id.Fingerprint] && !s.Kept[id.Fingerprint] })
	if !isNew {
		left = k.IDs[max(0, revoked)]
	}
	switch {
	case isNamed && revoked < 0, s.Unknown, s.Partly && (isNew || k.Changes):
		return left, NoClash // what is not known yet may well be it
	case s.Partly, s.New, isNew:
		return left, MayClash
	}
	return left, Clashes
}

// PlanKey notes a plan for a key and looks for sets that leave it out, or an earlier key
// of its resource. Of one that exists, only a plan counts that has read it: an apply,
// which reads nothing, must not fail half-way.
func (r *Run) PlanKey(plan KeyPlan) (left clarifai.KeyRef, worst Clash) {
	r.mu.Lock()
	defer r.mu.Unlock()
	app := r.apps.of(plan.App)
	switch {
	case len(plan.IDs) == 0:
		app.newKeys++
	case !slices.ContainsFunc(plan.IDs, func(ref clarifai.KeyRef) bool { return r.keys.of(identity(ref)).Read }):
		return left, NoClash
	default:
		if app.keyPlans == nil {
			app.keyPlans = map[string]KeyPlan{}
		}
		app.keyPlans[plan.IDs[0].Fingerprint] = plan
	}
	for _, set := range app.sets {
		if key, clash := set.leavesOut(plan); clash > worst {
			left, worst = key, clash
		}
	}
	return left, worst
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
		switch left, clash := plan.leavesOut(k); clash {
		case Clashes:
			c.LeftOut = append(c.LeftOut, left)
		case MayClash:
			c.MayBe = append(c.MayBe, left)
		}
	}
	if app.newKeys > 0 {
		_, clash := plan.leavesOut(KeyPlan{})
		c.NewKey = clash != NoClash
	}
	return c
}
