package inventory

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Successors returns the living keys of an app, oldest first, whose descriptions say
// that they succeed a key, as far as this run knows the app's keys.
func (i *Inventory) Successors(ref clarifai.KeyRef) (keys []clarifai.Key) {
	a := i.account(ref.UserID)
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.keys[ref.Fingerprint]
	if r == nil || len(r.successors) == 0 {
		return nil
	}
	living := a.app(ref.AppID).keys
	for _, fingerprint := range r.successors {
		s := living[fingerprint]
		if s == nil {
			continue
		}
		if _, predecessor := i.cfg.CutMark(s.key.Description); predecessor == ref.Fingerprint {
			keys = append(keys, s.key)
		}
	}
	slices.SortFunc(keys, byAge)
	return keys
}

// noteSuccessor notes which key another one succeeds by its description. The caller
// holds the lock.
func (a *account) noteSuccessor(k clarifai.Key) {
	_, predecessor := a.inv.cfg.CutMark(k.Description)
	if predecessor == "" {
		return
	}
	if r := a.key(predecessor); !slices.Contains(r.successors, k.Fingerprint) {
		r.successors = append(r.successors, k.Fingerprint)
	}
}
