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
	readAny atomic.Bool

	mu   sync.Mutex
	apps records[clarifai.AppRef, App]
	keys records[clarifai.KeyRef, Key] // by [identity]
}

// records are made when they are first asked for.
type records[K comparable, R any] map[K]*R

func (r records[K, R]) of(k K) *R {
	if r[k] == nil {
		r[k] = new(R)
	}
	return r[k]
}

// identity is a key without its app, which a rename changes.
func identity(ref clarifai.KeyRef) clarifai.KeyRef {
	return clarifai.KeyRef{UserID: ref.UserID, Fingerprint: ref.Fingerprint}
}

// App is what Terraform has said of an app. An owner that is not known yet is empty.
type App struct {
	Held         bool // a state of a clarifai_app holds it under that ID
	Read         bool // by that ID, which may be new to that state
	ForceDestroy bool // in that state
	Planned      bool // with a prior state, which holds the app
	New          bool // the plan creates it, maybe in place of another
	RenamedTo    string
	Renamed      bool   // the plan gives that ID to an app that has another
	Recreated    bool   // the plan deletes it, and with it its keys, and creates it again
	NewOwner     string // of a recreated app, if it is known

	// Workflow is the base workflow that the app has after the plan; nil: not known.
	// One without an ID is that of a new app that does not set it, for which Clarifai
	// chooses.
	Workflow *clarifai.WorkflowRef

	SetsRead int // how many clarifai_app_keys_exclusive of it were read

	// What a warning has said of the app, of the account, or of the machine.
	SaidTaken, SaidMissing, SaidOutsideModels, SaidPreflight, SaidOther, SaidClock bool

	// What is planned for the keys of the app: by their current fingerprints, how many
	// are new, and for the sets of its exclusive keys.
	keyPlans map[string]KeyPlan
	newKeys  int
	sets     []SetPlan

	address
}

// Key is what Terraform has said of a key.
type Key struct {
	Held bool          // a state that is being read, or was, holds it: resources are read in no order
	Read bool          // with a state: as a current key or as an earlier one
	Left time.Duration // until it expires, if that is soon; zero: it is not

	address
}

// IsHeld reports whether a state is known to hold the key. In an apply, only plans tell.
func (k Key) IsHeld() bool { return k.Held || k.Read || k.kept }

// IsDestroyed reports whether a plan destroys the key.
func (k Key) IsDestroyed() bool { return k.destroyed }

// New returns the records of a run in which Terraform has said nothing yet.
func New() *Run {
	return &Run{apps: records[clarifai.AppRef, App]{}, keys: records[clarifai.KeyRef, Key]{}}
}

// HasReadAny reports whether any resource was read, so that Terraform is planning and
// Clarifai answers.
func (r *Run) HasReadAny() bool { return r.readAny.Load() }

// App returns what Terraform has said of an app.
func (r *Run) App(ref clarifai.AppRef) App {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *r.apps.of(ref)
}

// CreatesApp reports whether the plan creates an app, whose owner it may not know yet.
func (r *Run) CreatesApp(ref clarifai.AppRef) bool {
	return r.App(ref).New || r.App(clarifai.AppRef{AppID: ref.AppID}).New
}

// NoteApp notes something that Terraform has said of an app.
func (r *Run) NoteApp(ref clarifai.AppRef, note func(*App)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.apps.of(ref)
	note(a)
	if a.Read || a.SetsRead > 0 {
		r.readAny.Store(true)
	}
}

// Key returns what Terraform has said of a key.
func (r *Run) Key(ref clarifai.KeyRef) Key {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *r.keys.of(identity(ref))
}

// NoteKey notes something that Terraform has said of a key. If a resource was read with
// one, Terraform is planning. If not, Terraform may be applying: it then plans each
// change once more, and what was planned as an update has to stay one, whatever has
// happened since.
func (r *Run) NoteKey(ref clarifai.KeyRef, note func(*Key)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.keys.of(identity(ref))
	note(k)
	if k.Read {
		r.readAny.Store(true)
	}
}

// Say reports whether something is to be said that is said once per run, and notes that
// it is: of an app, of an account, whose record has no app ID, or, without an owner as
// well, of the machine.
func (r *Run) Say(ref clarifai.AppRef, said func(*App) *bool) (first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := said(r.apps.of(ref))
	first, *now = !*now, true
	return first
}
