// Package run is what Terraform has told this process: which resources it read, and
// what it plans. Terraform calls for one resource at a time, and starts another
// process for the apply.
package run

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Session is what the calls of one run tell each other about the plan.
type Session struct {
	read    sync.Map // IDs of the resources that were refreshed
	notes   sync.Map // names of the notes of this run
	planned sync.Map // base workflows of the apps in this plan, by owner/app
	hasRead atomic.Bool

	mu        sync.Mutex
	apps      map[string]StateApp // read in this run, by full ID
	readIDs   map[string]bool     // the same, by ID
	covered   map[string]bool     // full IDs of apps that a plan with a prior state was made for
	newApps   map[string]bool     // IDs of the apps that a plan creates or recreates
	renames   map[[2]string]bool  // full ID and new ID of each app that a plan renames
	recreated map[string]string   // new owner, or "", by full ID of each app that a plan replaces

	awaitUntil time.Time // the end of all waiting for reads; zero: nobody has waited
}

// NewSession returns the session of a run that has read nothing.
func NewSession() *Session {
	return &Session{
		apps: map[string]StateApp{}, readIDs: map[string]bool{}, covered: map[string]bool{}, newApps: map[string]bool{},
		renames: map[[2]string]bool{}, recreated: map[string]string{},
	}
}

// NoteRead records that a resource was refreshed.
func (s *Session) NoteRead(id string) {
	s.read.Store(id, struct{}{})
	if !s.hasRead.Load() {
		s.hasRead.Store(true)
	}
}

// HasReadAny reports whether any resource was refreshed, so that Terraform is
// planning and Clarifai answers.
func (s *Session) HasReadAny() bool { return s.hasRead.Load() }

// HasRead reports whether a resource was refreshed. If it was, Terraform is
// planning. If not, Terraform may be applying: it then plans each change once
// more, and what was planned as an update has to stay one, whatever has
// happened since.
func (s *Session) HasRead(id string) bool {
	_, ok := s.read.Load(id)
	return ok
}

// Note records a note of this run, and reports whether it is the first of that
// name: for what is said once, and not per resource.
func (s *Session) Note(name string) (first bool) {
	_, before := s.notes.LoadOrStore(name, struct{}{})
	return !before
}

// HasNote reports whether Note was called with that name.
func (s *Session) HasNote(name string) bool {
	_, ok := s.notes.Load(name)
	return ok
}

// NotePlannedApp notes the base workflow that an app in this plan will have. One
// without an ID is that of a new app that does not set it, for which Clarifai
// chooses.
func (s *Session) NotePlannedApp(owner, appID string, workflow clarifai.WorkflowRef) {
	s.planned.Store(owner+"/"+appID, workflow)
}

// PlannedWorkflow returns what NotePlannedApp noted of an app.
func (s *Session) PlannedWorkflow(owner, appID string) (w clarifai.WorkflowRef, ok bool) {
	planned, ok := s.planned.Load(owner + "/" + appID)
	if ok {
		w, ok = planned.(clarifai.WorkflowRef)
	}
	return w, ok
}

// readsTimeout is how long a run waits, all in all, for resources to be refreshed.
const readsTimeout = 2 * time.Second

// Clock tells the time, and waits.
type Clock interface {
	Now() time.Time
	Sleep(context.Context, time.Duration) error
}

// AwaitReads waits until enough resources of this plan are refreshed, which
// happens in no particular order. All callers together wait for two seconds at
// most.
func (s *Session) AwaitReads(ctx context.Context, clock Clock, enough func() bool) {
	s.mu.Lock()
	if s.awaitUntil.IsZero() {
		s.awaitUntil = clock.Now().Add(readsTimeout)
	}
	until := s.awaitUntil
	s.mu.Unlock()
	for !enough() && clock.Now().Before(until) {
		if clock.Sleep(ctx, readsTimeout/40) != nil {
			return
		}
	}
}

// StateApp is an app as the state holds it.
type StateApp struct {
	UserID       string `json:"user_id"`
	ID           string `json:"id"`
	ForceDestroy bool   `json:"force_destroy"`
}

// FullID returns the app's ID with its owner.
func (a StateApp) FullID() string { return a.UserID + "/" + a.ID }

// NoteApp records that an app was refreshed.
func (s *Session) NoteApp(app StateApp) {
	s.NoteRead(app.FullID())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[app.FullID()] = app
	s.readIDs[app.ID] = true
}

// NoteAppPlanned records that Terraform planned for an app with its prior state.
func (s *Session) NoteAppPlanned(fullID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.covered[fullID] = true
}

// HasPlannedApp reports whether Terraform planned for an app with its prior state:
// this state holds it.
func (s *Session) HasPlannedApp(fullID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.covered[fullID]
}

// TaintedApp returns the app of that owner and ID if it was refreshed but not
// planned for with its prior state. Terraform does so with a tainted app, which
// it plans to create.
func (s *Session) TaintedApp(userID, id string) (StateApp, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app, ok := s.apps[userID+"/"+id]
	return app, ok && !s.covered[app.FullID()]
}

// HasReadApp reports whether an app of that ID was refreshed, whoever owns it.
func (s *Session) HasReadApp(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.readIDs[id]
}

// NoteNewApp records that the plan creates an app of that ID.
func (s *Session) NoteNewApp(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newApps[id] = true
}

// IsNewApp reports whether the plan creates an app of that ID.
func (s *Session) IsNewApp(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newApps[id]
}

// NoteRename records that the plan renames an app.
func (s *Session) NoteRename(fullID, newID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renames[[2]string{fullID, newID}] = true
}

// PlansRename reports whether the plan renames the app to that ID.
func (s *Session) PlansRename(fullID, newID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renames[[2]string{fullID, newID}]
}

// NoteRecreated records that the plan deletes an app and creates it again, for
// owner; empty if that is not known.
func (s *Session) NoteRecreated(fullID, owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recreated[fullID] = owner
}

// IsRecreated reports whether the plan deletes an app, and with it its keys, and
// creates it again. Owner is the new one, if it is known.
func (s *Session) IsRecreated(fullID string) (owner string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner, ok = s.recreated[fullID]
	return owner, ok
}
