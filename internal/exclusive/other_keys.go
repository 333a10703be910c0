package exclusive

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

const (
	// temporaryAge is how old a temporary key may be to be left alone: no run takes longer.
	temporaryAge = 24 * time.Hour
	// clockSkew is by how much the clock of the machine that made a key may differ.
	clockSkew = 5 * time.Minute
)

// appKeys are the living keys of an app, next to those that are to be kept.
type appKeys struct {
	living  []clarifai.Key
	kept    fingerprints
	revoked revokedKeys
	now     time.Time
}

// sort returns the keys that are not to be kept. Marked are those of them that
// their descriptions, or those of kept keys, mark as temporary or as part of a
// rotation: they are left alone. In neither is a key that gives access to other apps
// as well, and one that was revoked a moment ago, which Clarifai may still list.
func (a appKeys) sort() (others, marked []clarifai.Key) {
	rotating := a.rotating()
	for _, k := range a.living {
		switch {
		case a.kept[k.Fingerprint], len(k.AlsoIn) > 0, a.revoked.isRecent(k.Fingerprint, a.now):
		case rotating[k.Fingerprint], isTemporary(k, a.now):
			marked = append(marked, k)
		default:
			others = append(others, k)
		}
	}
	return others, marked
}

// rotating returns the keys to be kept, and those that a mark connects with them:
// a key marked as the successor of one is its successor, and the key in its mark is
// its predecessor. Clarifai shows the mark until the predecessor is revoked.
func (a appKeys) rotating() fingerprints {
	rotating := fingerprints{}
	for f := range a.kept {
		rotating[f] = true
	}
	for before := -1; before < len(rotating); {
		before = len(rotating)
		for _, k := range a.living {
			if _, previous := key.CutSuccessorMark(k.Description); previous != "" && (rotating[k.Fingerprint] || rotating[previous]) {
				rotating[k.Fingerprint], rotating[previous] = true, true
			}
		}
	}
	return rotating
}

// isTemporary reports whether a key is one of clarifai_temporary_app_key that a run
// may still use: by Clarifai's own time of its creation, if it is known. What the
// description says can be changed, and may be by a wrong clock.
func isTemporary(k clarifai.Key, now time.Time) bool {
	made, ok := key.TemporaryMadeAt(k.Description)
	if !k.CreatedAt.IsZero() {
		made = k.CreatedAt.Time
	}
	return ok && now.Sub(made) < temporaryAge && made.Sub(now) <= clockSkew
}
