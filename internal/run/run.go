// Package run is what Terraform has told this process: which resources it has read,
// and what it plans for them, in one record per app and per key. Terraform calls for
// one resource at a time, in any order, and starts another process for the apply.
package run

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Run holds the records of one run.
type Run struct {
	readAny, saidClock atomic.Bool

	mu     sync.Mutex
	apps   map[clarifai.AppRef]*App
	keys   map[clarifai.KeyRef]*Key // without the app, which a rename changes
	owners map[string]*Owner
}

// App is what Terraform has said of an app. An owner that is not known yet is empty.
type App struct {
	Held         bool // a state of a clarifai_app holds it under that ID
	Read         bool // by that ID, which may be new to that state
	ForceDestroy bool // in that state
	Planned      bool // with a prior state, which holds the app
	New          bool // the plan creates it, maybe in place of another
	RenamedTo    string
	Recreated    bool   // the plan deletes it, and with it its keys, and creates it again
	NewOwner     string // of a recreated app, if it is known

	// Workflow is the base workflow that the app has after the plan; nil: not known.
	// One without an ID is that of a new app that does not set it, for which Clarifai
	// chooses.
	Workflow *clarifai.WorkflowRef

	SetsRead int // how many clarifai_app_keys_exclusive of it were read

	SaidTaken, SaidOutsideModels bool // in a warning

	// What is planned for the keys of the app: by their current fingerprints, how many
	// are new, and for the sets of its exclusive keys.
	keyPlans map[string]KeyPlan
	newKeys  int
	sets     []SetPlan

	address
}

// Key is what Terraform has said of a key.
type Key struct {
	Held bool          // a state that is being read, or was, holds it
	Read bool          // with a state: as a current key or as an earlier one
	Left time.Duration // until it expires, if that is soon; zero: it is not

	address
}

// Owner is what this run has said of an account.
type Owner struct{ SaidPreflight, SaidOther bool }

// New returns the records of a run in which Terraform has said nothing yet.
func New() *Run {
	return &Run{apps: map[clarifai.AppRef]*App{}, keys: map[clarifai.KeyRef]*Key{}, owners: map[string]*Owner{}}
}

// HasReadAny reports whether any resource was read, so that Terraform is planning and
// Clarifai answers.
func (r *Run) HasReadAny() bool { return r.readAny.Load() }

// App returns what Terraform has said of an app.
func (r *Run) App(ref clarifai.AppRef) App {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.apps[ref]; a != nil {
		return *a
	}
	return App{}
}

// NoteApp notes something that Terraform has said of an app.
func (r *Run) NoteApp(ref clarifai.AppRef, note func(*App)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.app(ref)
	note(a)
	if a.Read || a.SetsRead > 0 {
		r.readAny.Store(true)
	}
}

func (r *Run) app(ref clarifai.AppRef) *App {
	a := r.apps[ref]
	if a == nil {
		a = &App{}
		r.apps[ref] = a
	}
	return a
}

// NoteKeyHeld notes that a state holds that key, before it is looked for: resources are
// read in no order.
func (r *Run) NoteKeyHeld(ref clarifai.KeyRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.key(ref).Held = true
}

// HoldsKey reports whether a state is known to hold that key.
func (r *Run) HoldsKey(ref clarifai.KeyRef) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.keys[identity(ref)]
	return k != nil && (k.Held || k.Read)
}

// NoteKeyRead notes that a resource was read with that key. If one was, Terraform is
// planning. If not, Terraform may be applying: it then plans each change once more,
// and what was planned as an update has to stay one, whatever has happened since.
func (r *Run) NoteKeyRead(ref clarifai.KeyRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.key(ref).Read = true
	r.readAny.Store(true)
}

// HasReadKey reports whether a resource was read with that key.
func (r *Run) HasReadKey(ref clarifai.KeyRef) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.keys[identity(ref)]
	return k != nil && k.Read
}

// NoteKeyExpires notes how soon a key expires that was read.
func (r *Run) NoteKeyExpires(ref clarifai.KeyRef, left time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.key(ref).Left = left
}

// KeyExpires returns how soon a key expires; zero if not soon, or if it was not read.
func (r *Run) KeyExpires(ref clarifai.KeyRef) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := r.keys[identity(ref)]; k != nil {
		return k.Left
	}
	return 0
}

func (r *Run) key(ref clarifai.KeyRef) *Key {
	k := r.keys[identity(ref)]
	if k == nil {
		k = &Key{}
		r.keys[identity(ref)] = k
	}
	return k
}

func identity(ref clarifai.KeyRef) clarifai.KeyRef {
	return clarifai.KeyRef{UserID: ref.UserID, Fingerprint: ref.Fingerprint}
}

// SayOfApp reports whether something is to be said of an app that is said once per
// run, and notes that it is.
func (r *Run) SayOfApp(ref clarifai.AppRef, said func(*App) *bool) (first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return once(said(r.app(ref)))
}

// SayOfOwner is [Run.SayOfApp] for an account.
func (r *Run) SayOfOwner(owner string, said func(*Owner) *bool) (first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.owners[owner]
	if o == nil {
		o = &Owner{}
		r.owners[owner] = o
	}
	return once(said(o))
}

// SayClock reports whether it is to be said that the machine's clock is wrong, and notes
// that it is.
func (r *Run) SayClock() (first bool) { return !r.saidClock.Swap(true) }

// HasSaidClock reports whether that was said.
func (r *Run) HasSaidClock() bool { return r.saidClock.Load() }

func once(said *bool) (first bool) {
	first, *said = !*said, true
	return first
}

// HasSaidOther reports whether a warning has said that resources of the run belong
// to this account, which is not the provider's.
func (r *Run) HasSaidOther(owner string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.owners[owner]
	return o != nil && o.SaidOther
}
