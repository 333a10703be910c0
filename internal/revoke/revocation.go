package revoke

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// revocation is what the action is asked to do with the keys of one app.
type revocation struct {
	key.Ref   // the app
	inv       *inventory.Inventory
	named     []key.Ref
	only      bool // revoke the named keys; else all others
	allowNone bool
	tell      func(message string)
}

// chosen is what a revocation means for the keys that an app has.
type chosen struct {
	revoke, keep []clarifai.Key
	shared       []clarifai.Key // to be revoked, but they give access to other apps as well
	missing      []key.Ref      // named, but not there
}

// others are the keys that stay.
func (c chosen) others() []clarifai.Key { return slices.Concat(c.keep, c.shared) }

// choose decides about the keys that an app has.
func (r *revocation) choose(keys []clarifai.Key) (c chosen) {
	for _, k := range keys {
		named := slices.ContainsFunc(r.named, func(ref key.Ref) bool { return ref.Fingerprint == k.Fingerprint })
		switch {
		case named != r.only:
			c.keep = append(c.keep, k)
		case len(k.AlsoIn) > 0:
			c.shared = append(c.shared, k)
		default:
			c.revoke = append(c.revoke, k)
		}
	}
	for _, ref := range r.named {
		if !slices.ContainsFunc(keys, func(k clarifai.Key) bool { return ref.Fingerprint == k.Fingerprint }) {
			c.missing = append(c.missing, ref)
		}
	}
	return c
}

// leavesNone reports whether a choice would leave the app without a key although
// that is not allowed.
func (r *revocation) leavesNone(c chosen) bool {
	return !r.only && !r.allowNone && len(c.keep) == 0 && len(c.revoke) > 0
}

// advised is the app as errors name it.
func (r *revocation) advised() advice.App {
	return advice.App{AppRef: r.AppRef(), Attribute: "app_id"}
}

// announce adds to a plan what the action would do.
func (r *revocation) announce(c chosen, diags *diag.Diagnostics) {
	r.warnMissing(c, diags)
	key.WarnShared(diags, r.inv, r.App(), c.shared)
	switch stays := r.staying(c.others()); {
	case r.leavesNone(c):
		r.refuse(c, diags)
	case len(c.revoke) == 0:
		diags.AddWarning("No keys to revoke", "The app "+r.App()+" has no key that the action would revoke. "+stays)
	default:
		diags.AddWarning(fmt.Sprintf("App keys of %s to revoke: %d of %d", r.App(), len(c.revoke), len(c.revoke)+len(c.others())),
			fmt.Sprintf("The action revokes these keys of the app %s, and whoever uses them is refused at once:\n%s\n\n%s",
				r.App(), key.Names(r.inv, c.revoke), stays))
	}
}

// staying returns a sentence about the keys that a plan leaves. What the app will hold
// then, a plan does not know.
func (r *revocation) staying(keys []clarifai.Key) string {
	if len(keys) == 0 {
		return "The app has no other key now. The apply lists its keys afresh."
	}
	return fmt.Sprintf("Its other keys stay (%d now):\n%s", len(keys), key.Names(r.inv, keys))
}

// refuse adds the error for a choice that leaves no key.
func (r *revocation) refuse(c chosen, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("except_key_ids"), "No keys to keep", fmt.Sprintf(
		"The app %s has none of the keys of except_key_ids, so the action would revoke every key that it has. "+
			"Nothing is revoked. Correct the IDs; if a key is new, try again in a moment; to leave no key, set "+
			"allow_none = true. The app's keys are:\n%s", r.App(), key.Names(r.inv, c.revoke)))
}

// warnMissing adds a warning about named keys that are not there.
func (r *revocation) warnMissing(c chosen, diags *diag.Diagnostics) {
	if len(c.missing) == 0 {
		return
	}
	diags.AddWarning("Keys not found", fmt.Sprintf(
		"The app %s does not have these keys: %s. They were revoked already, or the IDs are wrong.", r.App(), strings.Join(key.IDs(c.missing), ", ")))
}

// list lists the keys of the app now, those included that give access to other apps.
func (r *revocation) list(ctx context.Context) ([]clarifai.Key, error) {
	keys, err := r.inv.AppKeys(ctx, r.AppRef(), inventory.Now)
	return append(keys, r.inv.SharedKeys(r.AppRef())...), err
}

// run revokes the keys and reports what remains.
func (r *revocation) run(ctx context.Context, diags *diag.Diagnostics) {
	keys, err := r.list(ctx)
	if err != nil {
		r.advised().AddError(diags, "list app keys", err, "Nothing is revoked.")
		return
	}
	c := r.choose(keys)
	key.WarnShared(diags, r.inv, r.App(), c.shared)
	switch {
	case r.leavesNone(c):
		r.refuse(c, diags)
		return
	case r.only && len(c.revoke)+len(c.shared) == 0:
		diags.AddAttributeError(path.Root("key_ids"), "No keys to revoke", fmt.Sprintf(
			"The app %s has none of the keys of key_ids, so nothing is revoked. If they were revoked before, there is nothing left to do; "+
				"otherwise, correct the IDs. %s",
			r.App(), r.remaining(c.keep)))
		return
	}
	r.warnMissing(c, diags)
	done := r.revokeEach(ctx, c.revoke, diags)
	if ctx.Err() != nil {
		r.canceled(ctx, c, done, diags)
		return
	}
	r.tell(fmt.Sprintf("Revoked %d of %d keys of the app %s.", len(done), len(c.revoke), r.App()))
	r.reportRest(ctx, keys, diags)
}

// revokeEach revokes keys until the run is canceled, and returns those that it has
// revoked. A failure does not keep it from the next one, and a cancellation not from
// finishing the one that it has begun. Once the run is canceled, the protocol drops every
// message, so each key is said before.
func (r *revocation) revokeEach(ctx context.Context, keys []clarifai.Key, diags *diag.Diagnostics) (done []clarifai.Key) {
	for i, k := range keys {
		if ctx.Err() != nil {
			break
		}
		number := fmt.Sprintf("key %s, %d of %d", key.Name(r.inv, k), i+1, len(keys))
		r.tell("Revoking " + number + ".")
		detached, cancel := inventory.Detached(ctx)
		err := r.inv.DeleteKey(detached, k.Ref(), k.Value)
		cancel()
		said := "Revoked " + number + "."
		if err == nil {
			done = append(done, k)
		} else {
			advice.AddError(diags, "revoke app key", "key "+k.ID(), err, "Invoke the action again to revoke what is left. A key that is not "+
				"revoked keeps working.")
			said = "Cannot revoke " + number + "; going on with the others."
		}
		if ctx.Err() == nil {
			r.tell(said)
		}
	}
	return done
}

// canceled says what a canceled run has done and left undone.
func (r *revocation) canceled(ctx context.Context, c chosen, done []clarifai.Key, diags *diag.Diagnostics) {
	revoked := "."
	if len(done) > 0 {
		revoked = ":\n" + key.Names(r.inv, done)
	}
	said := fmt.Sprintf(
		"The run was canceled. %d of %d keys of the app %s are revoked%s\n\nThe others still work. Invoke the action again to revoke them.",
		len(done), len(c.revoke), r.App(), revoked)
	tflog.Warn(ctx, said) // the protocol drops the error
	diags.AddError("Cannot revoke app keys", said)
}

// reportRest ends with the keys that the app has now, as a fresh listing shows them.
// Only keys whose revocation Clarifai has confirmed are left out: a listing may lag
// behind. Before are the keys that the app had.
func (r *revocation) reportRest(ctx context.Context, before []clarifai.Key, diags *diag.Diagnostics) {
	var rest []clarifai.Key
	for k, err := range r.inv.StreamKeys(ctx, r.AppRef()) {
		if err != nil {
			diags.AddWarning("What remains is not known", fmt.Sprintf("The keys that are left in the app %s cannot be listed: %s. Invoke the "+
				"action again to see them.", r.App(), err))
			return
		}
		if !r.inv.Record(k.Ref()).KeyConfirmed {
			rest = append(rest, k)
		}
	}
	rest = append(rest, r.inv.SharedKeys(r.AppRef())...)
	r.tell(r.remaining(rest))
	isNew := func(k clarifai.Key) bool {
		return !slices.ContainsFunc(before, func(old clarifai.Key) bool { return old.Fingerprint == k.Fingerprint })
	}
	appeared := slices.DeleteFunc(r.choose(rest).revoke, func(k clarifai.Key) bool { return !isNew(k) })
	if len(appeared) > 0 {
		diags.AddWarning("New app keys", fmt.Sprintf("While the action ran, these keys were created in the app %s. Invoke it again to "+
			"revoke them:\n%s", r.App(), key.Names(r.inv, appeared)))
	}
}

// remaining returns a sentence about the keys that a listing has shown last.
func (r *revocation) remaining(keys []clarifai.Key) string {
	if len(keys) == 0 {
		return "No key is left in the app " + r.App() + "."
	}
	return fmt.Sprintf("Keys left in the app %s: %d\n%s", r.App(), len(keys), key.Names(r.inv, keys))
}
