package appkey

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// Names in private state. States hold them, so the strings never change.
const (
	// privateDue holds a dueNote.
	privateDue = "due"
	// privateRetireDates holds retireDates.
	privateRetireDates = "retire_dates"
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
	due   *dueNote
	dates retireDates
}

func readObserved(ctx context.Context, p base.PrivateReader) (n observed, diags diag.Diagnostics) {
	diags.Append(base.ReadPrivate(ctx, p, privateDue, &n.due)...)
	diags.Append(base.ReadPrivate(ctx, p, privateRetireDates, &n.dates)...)
	return n, diags
}

// storeDue writes a note; nil removes it.
func storeDue(ctx context.Context, p base.PrivateWriter, note *dueNote) diag.Diagnostics {
	if note == nil {
		return base.SetPrivate(ctx, p, privateDue, nil)
	}
	return base.SetPrivate(ctx, p, privateDue, note)
}

// store writes the dates; if there are none, it removes them.
func (d retireDates) store(ctx context.Context, p base.PrivateWriter) diag.Diagnostics {
	if len(d) == 0 {
		return base.SetPrivate(ctx, p, privateRetireDates, nil)
	}
	return base.SetPrivate(ctx, p, privateRetireDates, d)
}
