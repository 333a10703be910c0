package exclusive

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

const (
	// privateRevoked holds revokedKeys. States hold the name, so it never changes.
	privateRevoked = "revoked"
	// revokedTime is how long Clarifai may list a key after it was revoked.
	revokedTime = time.Hour
)

// revokedKeys are keys that were revoked, by fingerprint, and when.
type revokedKeys map[string]time.Time

// isRecent reports whether the key was revoked so recently that a listing which
// shows it may lag behind.
func (r revokedKeys) isRecent(fingerprint string, now time.Time) bool {
	at, ok := r[fingerprint]
	return ok && now.Sub(at) < revokedTime
}

func storedRevoked(ctx context.Context, p base.PrivateReader) (r revokedKeys, diags diag.Diagnostics) {
	r = revokedKeys{}
	diags = base.ReadPrivate(ctx, p, privateRevoked, &r)
	return r, diags
}

// store writes those that are recent; if there are none, it removes them.
func (r revokedKeys) store(ctx context.Context, p base.PrivateWriter, now time.Time) diag.Diagnostics {
	recent := revokedKeys{}
	for fingerprint, at := range r {
		if r.isRecent(fingerprint, now) {
			recent[fingerprint] = at.UTC().Truncate(time.Second)
		}
	}
	if len(recent) == 0 {
		return base.SetPrivate(ctx, p, privateRevoked, nil)
	}
	return base.SetPrivate(ctx, p, privateRevoked, recent)
}
