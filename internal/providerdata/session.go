package providerdata

import (
	"context"
	"sync"
	"time"
)

// session is what the calls of one run tell each other about the plan. Terraform
// calls for one resource at a time, and starts another process for the apply.
type session struct {
	mu        sync.Mutex
	apps      map[string]StateApp // read in this run, by full ID
	readIDs   map[string]bool     // the same, by ID
	covered   map[string]bool     // full IDs of apps that a plan with a prior state was made for
	newApps   map[string]bool     // IDs of the apps that a plan creates or recreates
	renames   map[[2]string]bool  // full ID and new ID of each app that a plan renames
	recreated map[string]string   // new owner, or "", by full ID of each app that a plan replaces

	awaitUntil time.Time // the end of all waiting for reads; zero: nobody has waited
}

// readsTimeout is how long a run waits, all in all, for resources to be refreshed.
const readsTimeout = 2 * time.Second

// AwaitReads waits until enough resources of this plan are refreshed, which
// happens in no particular order. All callers together wait for two seconds at
// most.
func (d *Data) AwaitReads(ctx context.Context, enough func() bool) {
	inv := d.Inventory()
	d.session.mu.Lock()
	if d.session.awaitUntil.IsZero() {
		d.session.awaitUntil = inv.Now().Add(readsTimeout)
	}
	until := d.session.awaitUntil
	d.session.mu.Unlock()
	for !enough() && inv.Now().Before(until) {
		if inv.Sleep(ctx, readsTimeout/40) != nil {
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

func newSession() session {
	return session{
		apps: map[string]StateApp{}, readIDs: map[string]bool{}, covered: map[string]bool{}, newApps: map[string]bool{},
		renames: map[[2]string]bool{}, recreated: map[string]string{},
	}
}

// NoteApp records that an app was refreshed.
func (d *Data) NoteApp(app StateApp) {
	d.NoteRead(app.FullID())
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	d.session.apps[app.FullID()] = app
	d.session.readIDs[app.ID] = true
}

// NoteAppPlanned records that Terraform planned for an app with its prior state.
func (d *Data) NoteAppPlanned(fullID string) {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	d.session.covered[fullID] = true
}

// HasPlannedApp reports whether Terraform planned for an app with its prior state:
// this state holds it.
func (d *Data) HasPlannedApp(fullID string) bool {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	return d.session.covered[fullID]
}

// TaintedApp returns the app of that owner and ID if it was refreshed but not
// planned for with its prior state. Terraform does so with a tainted app, which
// it plans to create.
func (d *Data) TaintedApp(userID, id string) (StateApp, bool) {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	app, ok := d.session.apps[userID+"/"+id]
	return app, ok && !d.session.covered[app.FullID()]
}

// HasReadApp reports whether an app of that ID was refreshed, whoever owns it.
func (d *Data) HasReadApp(id string) bool {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	return d.session.readIDs[id]
}

// NoteNewApp records that the plan creates an app of that ID.
func (d *Data) NoteNewApp(id string) {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	d.session.newApps[id] = true
}

// IsNewApp reports whether the plan creates an app of that ID.
func (d *Data) IsNewApp(id string) bool {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	return d.session.newApps[id]
}

// NoteRename records that the plan renames an app.
func (d *Data) NoteRename(fullID, newID string) {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	d.session.renames[[2]string{fullID, newID}] = true
}

// PlansRename reports whether the plan renames the app to that ID.
func (d *Data) PlansRename(fullID, newID string) bool {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	return d.session.renames[[2]string{fullID, newID}]
}

// NoteRecreated records that the plan deletes an app and creates it again, for
// owner; empty if that is not known.
func (d *Data) NoteRecreated(fullID, owner string) {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	d.session.recreated[fullID] = owner
}

// IsRecreated reports whether the plan deletes an app, and with it its keys, and
// creates it again. Owner is the new one, if it is known.
func (d *Data) IsRecreated(fullID string) (owner string, ok bool) {
	d.session.mu.Lock()
	defer d.session.mu.Unlock()
	owner, ok = d.session.recreated[fullID]
	return owner, ok
}
