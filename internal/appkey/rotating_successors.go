package appkey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// successors are living keys that a state does not hold although their marks say that
// they succeed a key of it. A run that was killed between the POST and the state left
// them, or an attempt that Clarifai carried out after it was given up; or another state
// manages them, such as a copy of this one, and consumers use them.
type successors struct {
	ofCurrent []clarifai.Key // oldest first
	ofOthers  []clarifai.Key // of keys before it: they never came into use here
}

func (s successors) all() []clarifai.Key { return slices.Concat(s.ofCurrent, s.ofOthers) }

// successors returns those of a state's keys, as far as the keys of the app are known.
func (m rotatingKeyModel) successors(inv *inventory.Inventory) (s successors) {
	refs := m.allKeys()
	for _, ref := range refs {
		for _, k := range inv.Record(ref).Successors {
			switch {
			case slices.ContainsFunc(refs, func(own key.Ref) bool { return own.Fingerprint == k.Fingerprint }):
			case ref.Fingerprint == m.Fingerprint.ValueString():
				s.ofCurrent = append(s.ofCurrent, k)
			default:
				s.ofOthers = append(s.ofOthers, k)
			}
		}
	}
	return s
}

// notedSuccessor is a successor that Read has found, so that the plan can name it.
type notedSuccessor struct {
	ID          string `json:"id"`
	Description string `json:"description,omitempty"`
	OfCurrent   bool   `json:"of_current,omitempty"`
}

func (s successors) noted(inv *inventory.Inventory) (noted []notedSuccessor) {
	for i, k := range s.all() {
		noted = append(noted, notedSuccessor{ID: k.ID(), Description: key.ShownDescription(inv, k), OfCurrent: i < len(s.ofCurrent)})
	}
	return noted
}

// removeSuccessor says what to do about a successor that no apply revokes.
const removeSuccessor = "If another state or resource manages it, such as a copy of this state, consumers may use it: leave it to that " +
	"one. If a run that was interrupted left it, revoke it: delete it in Clarifai, or import it as a clarifai_app_key, by its ID followed by " +
	"\",store_key=false\", and destroy that."

// addSuccessors warns of successors: does says what happens to them.
func addSuccessors(diags *diag.Diagnostics, heading string, noted []notedSuccessor, does string) {
	var lines []string
	for _, n := range noted {
		lines = append(lines, fmt.Sprintf("  %s (%q)", n.ID, n.Description))
	}
	if len(lines) > 0 {
		diags.AddWarning(heading, "Living keys say in their descriptions that they succeed a key of this resource, but this state does not hold "+
			"them:\n"+strings.Join(lines, "\n")+"\n\n"+does)
	}
}

func (c *rotationPlan) destroy(ctx context.Context) {
	addStaying(&c.resp.Diagnostics, c.prior.ID.ValueString(), noteSuccessors.Get(ctx, c.req.Private, &c.resp.Diagnostics))
}

// addStaying warns of successors that a destruction leaves alive.
func addStaying(diags *diag.Diagnostics, id string, noted []notedSuccessor) {
	addSuccessors(diags, "The app key "+id+" has a successor that stays alive", noted,
		"The apply revokes the keys in key_ids, and not these, unless it deletes the app as well. "+removeSuccessor)
}

func (c *rotationPlan) addSuccessors(what string, noted []notedSuccessor, does string) {
	addSuccessors(&c.resp.Diagnostics, "The app key "+c.prior.ID.ValueString()+" "+what, noted, does)
}

// warnSuccessors names the successors that Read noted, and says what the apply does with them.
func (c *rotationPlan) warnSuccessors() {
	noted := c.observed.successors
	isOfCurrent := func(n notedSuccessor) bool { return n.OfCurrent }
	switch {
	case c.moves():
		c.addSuccessors("has successors that the apply may revoke", noted,
			"If the apply creates the key anew in another app, it revokes these together with the old one. Do not apply while another state "+
				"manages one of them.")
		return
	case c.next.Fingerprint.IsUnknown():
		c.addSuccessors("has successors that the apply takes over or revokes", noted,
			"The apply rotates the key. It takes over the newest of these that has the scopes and endpoints of the configuration and is younger "+
				"than rotation_period, and revokes the others. Do not apply while another state manages one of them, such as a copy of this one.")
		return
	case !c.next.KeyIDs.Equal(c.prior.KeyIDs):
		others := slices.DeleteFunc(slices.Clone(noted), isOfCurrent)
		c.addSuccessors("has successors that the apply revokes", others,
			"They succeed an earlier key, never came into use here, and are revoked with it. Do not apply while another state manages one of them.")
		noted = slices.DeleteFunc(slices.Clone(noted), func(n notedSuccessor) bool { return !n.OfCurrent })
	}
	c.addSuccessors("has a successor that stays alive", noted, "This apply does not revoke it. "+removeSuccessor)
}

// revokeSuccessors revokes those of the keys that the plan named, and names the others.
// It returns the IDs of those that it could not revoke.
func (u *rotatingUpdate) revokeSuccessors(ctx context.Context, found []clarifai.Key) (failed []string) {
	var left []clarifai.Key
	for _, k := range found {
		if !slices.ContainsFunc(u.observed.successors, func(n notedSuccessor) bool { return n.ID == k.ID() }) {
			left = append(left, k)
			continue
		}
		if err := u.inv.DeleteKey(ctx, k.Ref(), k.Value); err != nil {
			failed = append(failed, k.ID())
			advice.AddError(&u.resp.Diagnostics, "delete app key", "key "+k.ID(), err, "The next plan shows it again.")
		}
	}
	addLeft(&u.resp.Diagnostics, u.prior.ID.ValueString(), successors{ofCurrent: left}.noted(u.inv))
	return failed
}

// addLeft warns of successors that are not revoked, as no plan has named them.
func addLeft(diags *diag.Diagnostics, id string, left []notedSuccessor) {
	addSuccessors(diags,
		"Successors of the app key "+id+" are left", left, "None of them was revoked. "+removeSuccessor)
}

// findSuccessors returns the successors of a state's keys after a listing of their app.
// It only warns about what it cannot find out: nothing is to block a destroy.
func findSuccessors(ctx context.Context, inv *inventory.Inventory, state rotatingKeyModel, diags *diag.Diagnostics) successors {
	ref := state.ref()
	_, err := inv.AppKeys(ctx, ref.AppRef(), inventory.Checked)
	if err != nil && !errors.Is(err, inventory.ErrGone) {
		diags.AddWarning("App keys may be left in "+ref.App(),
			"Whether a run that was killed has left a key in the app "+ref.App()+" could not be checked: "+err.Error()+
				". If so, its description ends in \"(after "+ref.Fingerprint+")\": delete it in Clarifai.")
	}
	if err != nil {
		return successors{}
	}
	return state.successors(inv)
}
