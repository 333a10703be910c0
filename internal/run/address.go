package run

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// One object at two addresses: a plan that destroys it at one of them, while another
// one creates, imports or keeps it, would delete what is in use. Terraform tells a
// provider no address, so the second of the two plans finds out.

// address is what the plans of this run mean for one object.
type address struct{ destroyed, kept bool }

// Clash is what a plan means together with those before it.
type Clash int

// MayClash says that it depends on what is not known yet.
const (
	NoClash Clash = iota
	MayClash
	Clashes
)

// note notes a plan and looks for the opposite one.
func (a *address) note(destroys bool) bool {
	a.destroyed, a.kept = a.destroyed || destroys, a.kept || !destroys
	return a.destroyed && a.kept
}

// PlanApp notes a plan that destroys an app, or that creates or keeps it. The owner
// of a new app may not be known yet.
func (r *Run) PlanApp(ref clarifai.AppRef, destroys bool) Clash {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.apps.of(ref).note(destroys) {
		return Clashes
	}
	opposite := func(a *App) bool { return destroys && a.kept || !destroys && a.destroyed }
	if ref.UserID != "" {
		if opposite(r.apps.of(clarifai.AppRef{AppID: ref.AppID})) {
			return MayClash
		}
		return NoClash
	}
	for other, a := range r.apps {
		if other.AppID == ref.AppID && opposite(a) {
			return MayClash
		}
	}
	return NoClash
}

// PlanKeys notes a plan that destroys keys, or that keeps them. It returns those for
// which another plan does the opposite.
func (r *Run) PlanKeys(destroys bool, refs ...clarifai.KeyRef) (clashes []clarifai.KeyRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, ref := range refs {
		if ref.Fingerprint != "" && r.keys.of(identity(ref)).note(destroys) {
			clashes = append(clashes, ref)
		}
	}
	return clashes
}
