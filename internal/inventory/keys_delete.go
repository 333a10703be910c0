package inventory

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// DeleteKey revokes a key. That it does not exist is a success; "not found" of one
// that Clarifai shows, or may not show yet, is asked again.
func (i *Inventory) DeleteKey(ctx context.Context, ref clarifai.KeyRef, value clarifai.Secret) (err error) {
	a, most := i.account(ref.UserID), 3
	if i.Record(ref).KeyCreated {
		most = 4 // so that they take longer than Clarifai may take to show a key
	}
	var gone conclusion
	revoked, doubt := i.askAgain(ctx, most, func() (revoked conclusion, doubt error) {
		gone = no // whatever the DELETE before came to
		if err = i.client.DeleteKey(ctx, ref.UserID, value); clarifai.IsKeyNotFound(err) {
			gone, doubt = a.isGoneAfterDelete(ctx, ref)
		}
		return isKeyRevoked(err, gone), doubt
	})
	shown := "its app lists it"
	switch {
	case revoked == contradicted && errors.Is(doubt, context.DeadlineExceeded):
		shown = "Clarifai may show what this run created late"
	case doubt != nil:
		return doubt
	case revoked == yes, gone == contradicted: // or no listing has shown it for long enough
		a.revokedKey(ref.Fingerprint, err == nil)
		return nil
	case revoked == no:
		return err
	}
	return &ContradictionError{What: "key " + ref.ID(), Said: err.Error(), Shown: shown}
}

// isGoneAfterDelete reports whether a key is gone of which a DELETE said "not found".
// A rename by this run may have taken it to another app. Contradicted says that no
// listing shows it, although listings may lag.
func (a *account) isGoneAfterDelete(ctx context.Context, ref clarifai.KeyRef) (conclusion, error) {
	if newID := a.about(ref.AppID).nowAt; newID != "" {
		if gone, err := a.lacksAfterDelete(ctx, a.ref(newID).Key(ref.Fingerprint)); gone != yes {
			return gone, err
		}
	}
	return a.lacksAfterDelete(ctx, ref)
}

// lacksAfterDelete reports whether an app lacks a key of which a DELETE said "not
// found". A listing of the app from before suffices; else one is read.
func (a *account) lacksAfterDelete(ctx context.Context, ref clarifai.KeyRef) (conclusion, error) {
	lacks := unknown
	a.locked(ref.AppID, func(app *appRecord) {
		k := a.key(ref.Fingerprint)
		switch {
		case app.removed:
			lacks = yes
		case isCreatedMissing(k.createdAt, a.inv.Now(), a.inv.cfg.CreatedWait) == contradicted:
			lacks = no
		case app.keysAsOf > k.keysAsOf && !app.renamed: // a listing from after its creation
			lacks = yes
		}
		k.written = false // listings decide from now on
	})
	if lacks != unknown {
		return lacks, nil
	}
	_, err := a.missingKey(ctx, ref, a.keyReads.itself(ctx, ref.AppID, true))
	_, lagging := errors.AsType[*LaggingError](err)
	switch {
	case err == nil:
		return no, nil
	case errors.Is(err, ErrGone):
		return yes, nil
	case lagging:
		return contradicted, nil
	}
	return unknown, err
}
