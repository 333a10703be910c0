package appkey

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// Notes in private state. States hold the names, so they never change.
const (
	noteDue         base.Note[*dueNote]    = "due"
	noteRetireDates base.Note[retireDates] = "retire_dates"
	// noteSuccessors are living successors that the state does not hold.
	noteSuccessors base.Note[[]notedSuccessor] = "successors"
)

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

func (w work) isNothing() bool { return !w.scheduled && !w.forced && len(w.retire) == 0 }

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
