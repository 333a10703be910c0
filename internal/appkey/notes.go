package appkey

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// Notes in private state. States hold the names, so they never change.
const (
	noteDefaults base.Note[serverDefaults] = "server_defaults"
	// noteImported is true from an import to the first update.
	noteImported base.Note[bool] = "imported"
	// noteRenamedOutside holds the apps in which the key was before it was found in
	// another one, with slashes between them.
	noteRenamedOutside base.Note[string] = "strayed"
	// noteAppManaged is true if a resource has that app, under the name that it has now:
	// the apply reads neither, and a move out of the app is meant.
	noteAppManaged base.Note[bool] = "app_managed"
	// noteAppRecreated is true if the plan deletes the key's app, and the key
	// with it, and creates the app again.
	noteAppRecreated base.Note[bool] = "app_recreated"
	// notePriorKey is the key of the state, within one plan: with -replace, the second
	// call of the plan creates a key in its place, and nothing else tells.
	notePriorKey base.Note[key.Ref] = "prior_key"
	// noteDue is what the last Read observed.
	noteDue base.Note[*dueNote] = "due"
	// noteRetireDates and noteSuccessors are of rotating keys. Successors are living ones
	// that the state does not hold.
	noteRetireDates base.Note[retireDates]      = "retire_dates"
	noteSuccessors  base.Note[[]notedSuccessor] = "successors"
)

// movedNotes are the notes about the key itself, and planNotes those that only plans
// before an apply need.
var (
	movedNotes = []base.AnyNote{noteDefaults, noteImported, noteRenamedOutside}
	planNotes  = []base.AnyNote{noteImported, noteRenamedOutside, noteAppManaged, noteAppRecreated, notePriorKey, noteDue, noteSuccessors}
)

// clearNotes removes the notes that only plans before an apply need.
func clearNotes(ctx context.Context, p base.PrivateWriter, diags *diag.Diagnostics) {
	for _, n := range planNotes {
		n.Clear(ctx, p, diags)
	}
}

// serverDefaults is what Clarifai filled in where the configuration sets
// nothing. Clarifai does not document whether it does; without this record it
// would show as drift.
type serverDefaults struct {
	Scopes    []string `json:"scopes,omitempty"`
	Endpoints []string `json:"endpoints,omitempty"`
	// HidesEndpoints is set if answers do not show the endpoints that the key
	// was asked to be limited to.
	HidesEndpoints bool `json:"hides_endpoints,omitempty"`
}

// stateOfNew maps a key that Clarifai has just created as asked. It notes what Clarifai filled
// in, and warns if the key's endpoints are hidden.
func (m appKeyModel) stateOfNew(ctx context.Context, k clarifai.Key, p base.PrivateWriter, diags *diag.Diagnostics) appKeyModel {
	var d serverDefaults
	if m.Scopes.IsEmpty() {
		d.Scopes = k.Scopes
	}
	if m.Endpoints.IsEmpty() {
		d.Endpoints = k.Endpoints
	} else if len(k.Endpoints) == 0 {
		d.HidesEndpoints = true
		diags.AddAttributeWarning(path.Root("endpoints"), "Clarifai does not show the endpoints of keys",
			"Clarifai does not show the endpoints that the new key is limited to, so the provider cannot verify the limit or detect a "+
				"change of it. "+
				"Try such a key on a method that it must refuse, or limit it by scopes as well.")
	}
	noteDefaults.Set(ctx, p, d, diags)
	return keyFromAPI(k, m, d)
}

// defaultsFor returns the stored defaults of a state if they matter for its key as Clarifai
// shows it. For most keys they do not, and nothing is decoded.
func (m appKeyModel) defaultsFor(ctx context.Context, k clarifai.Key, p base.PrivateReader, diags *diag.Diagnostics) serverDefaults {
	scopesFilled := m.Scopes.IsEmpty() && len(k.Scopes) > 0
	endpointsDiffer := m.Endpoints.IsEmpty() == (len(k.Endpoints) > 0)
	if !scopesFilled && !endpointsDiffer {
		return serverDefaults{}
	}
	return noteDefaults.Get(ctx, p, diags)
}

// dueNote is what a Read observed. Plans depend on it instead of on the clock:
// Terraform plans again in the apply, which must come to the same result days later.
type dueNote struct {
	At time.Time `json:"at"`
	// Gone reports that the current key no longer exists.
	Gone bool `json:"gone,omitempty"`
	// Pending reports that an update changed what a rotation has to give a key.
	Pending bool `json:"pending,omitempty"`
}

// retireDates are the dates, by fingerprint, until which keys live that are older than
// the previous one.
type retireDates map[string]time.Time

// work is what is due according to a note.
type work struct {
	scheduled bool // a rotation, by its date
	forced    bool // a rotation for another reason
	retire    []retiringKey
}

// isSame reports whether two notes about the same state ask for the same.
func (w work) isSame(other work) bool {
	return w.scheduled == other.scheduled && w.forced == other.forced && len(w.retire) == len(other.retire)
}

// workFor returns what a note says is due. It depends on nothing else.
func workFor(m rotatingKeyModel, note *dueNote, dates retireDates) (w work) {
	if note == nil {
		return w
	}
	w.scheduled = hasPassed(m.NextRotationAt, note.At)
	w.forced = note.Gone || note.Pending || hasPassed(m.ExpiresAt, note.At)
	for _, k := range m.retiring(dates) {
		if k.isOverdue(note.At) {
			w.retire = append(w.retire, k)
		}
	}
	return w
}

// observed is what private state holds about rotations.
type observed struct {
	due        *dueNote
	dates      retireDates
	successors []notedSuccessor
}

func readObserved(ctx context.Context, p base.PrivateReader, diags *diag.Diagnostics) observed {
	return observed{due: noteDue.Get(ctx, p, diags), dates: noteRetireDates.Get(ctx, p, diags), successors: noteSuccessors.Get(ctx, p, diags)}
}
