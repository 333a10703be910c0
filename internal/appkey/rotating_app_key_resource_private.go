package appkey

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
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

func readObserved(ctx context.Context, p providerdata.PrivateReader) (n observed, diags diag.Diagnostics) {
	read := func(name string, into any) {
		b, more := p.GetKey(ctx, name)
		diags.Append(more...)
		if len(b) > 0 {
			if err := json.Unmarshal(b, into); err != nil {
				diags.AddError("Cannot read private state", "What the provider stored about this key cannot be read: "+err.Error()+".")
			}
		}
	}
	read(privateDue, &n.due)
	read(privateRetireDates, &n.dates)
	return n, diags
}

// storeDue writes a note; nil removes it.
func storeDue(ctx context.Context, p providerdata.PrivateWriter, note *dueNote) diag.Diagnostics {
	if note == nil {
		return p.SetKey(ctx, privateDue, nil)
	}
	return storeNote(ctx, p, privateDue, note)
}

// store writes the dates; if there are none, it removes them.
func (d retireDates) store(ctx context.Context, p providerdata.PrivateWriter) diag.Diagnostics {
	if len(d) == 0 {
		return p.SetKey(ctx, privateRetireDates, nil)
	}
	return storeNote(ctx, p, privateRetireDates, d)
}

func storeNote(ctx context.Context, p providerdata.PrivateWriter, name string, note any) diag.Diagnostics {
	b, err := json.Marshal(note)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot write private state", err.Error())}
	}
	return p.SetKey(ctx, name, b)
}
