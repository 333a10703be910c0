package exclusive

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// Notes in private state. States hold the names, so they never change.
const (
	// noteRevoked holds the keys that were revoked a short time ago.
	noteRevoked base.Note[revokedKeys] = "revoked"
	// notePlanned is true within one plan. Terraform plans a replacement in two calls, of
	// which the second gets no state.
	notePlanned base.Note[bool] = "planned"
)

// revokedTime is how long Clarifai may list a key after it was revoked.
const revokedTime = time.Hour

// revokedKeys are keys that were revoked, by fingerprint, and when.
type revokedKeys map[string]time.Time

// isRecent reports whether the key was revoked so recently that a listing which
// shows it may lag behind.
func (r revokedKeys) isRecent(fingerprint string, now time.Time) bool {
	at, ok := r[fingerprint]
	return ok && now.Sub(at) < revokedTime
}

// store notes those that are recent.
func (r revokedKeys) store(ctx context.Context, p base.PrivateWriter, now time.Time, diags *diag.Diagnostics) {
	recent := revokedKeys{}
	for fingerprint, at := range r {
		if r.isRecent(fingerprint, now) {
			recent[fingerprint] = at.UTC().Truncate(time.Second)
		}
	}
	noteRevoked.Set(ctx, p, recent, diags)
}
