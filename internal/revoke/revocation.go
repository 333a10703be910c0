package revoke

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

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
	missing      []key.Ref // named, but not there
}

// choose decides about the keys that an app has.
func (r *revocation) choose(keys []clarifai.Key) (c chosen) {
	for _, k := range keys {
		named := slices.ContainsFunc(r.named, func(ref key.Ref) bool { return ref.Fingerprint == k.Fingerprint })
		if named == r.only {
			c.revoke = append(c.revoke, k)
		} else {
			c.keep = append(c.keep, k)
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
	return advice.App{UserID: r.UserID, ID: r.AppID, Attribute: "app_id"}
}

// announce adds to a plan what the action would do.
func (r *revocation) announce(c chosen, diags *diag.Diagnostics) {
	r.warnMissing(c, diags)
	switch {
	case r.leavesNone(c):
		r.refuse(c, diags)
	case len(c.revoke) == 0:
		diags.AddWarning("No keys to revoke", "The app "+r.App()+" has no key that the action would revoke. "+r.remaining(c.keep))
	default:
		diags.AddWarning(fmt.Sprintf("App keys to revoke: %d of %d", len(c.revoke), len(c.revoke)+len(c.keep)),
			fmt.Sprintf("The action revokes these keys of the app %s, and whoever uses them is refused at once:\n%s\n\n%s",
				r.App(), key.Names(r.inv, c.revoke), r.remaining(c.keep)))
	}
}

// refuse adds the error for a choice that leaves no key.
func (r *revocation) refuse(c chosen, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("except_key_ids"), "No keys to keep", fmt.Sprintf(
		"The app %s has none of the keys of except_key_ids, so the action would revoke every key that it has. Nothing is revoked. "+
			"Correct the IDs; "+
			"if a key is new, try again in a moment; if no key shall be left, set allow_none = true. The app's keys are:\n%s", r.App(), key.Names(r.inv, c.revoke)))
}

// warnMissing adds a warning about named keys that are not there.
func (r *revocation) warnMissing(c chosen, diags *diag.Diagnostics) {
	if len(c.missing) == 0 {
		return
	}
	ids := make([]string, len(c.missing))
	for i, ref := range c.missing {
		ids[i] = ref.ID()
	}
	diags.AddWarning("Keys not found", fmt.Sprintf("The app %s does not have these keys: %s. They were revoked already, or the IDs are wrong.", r.App(), strings.Join(ids, ", ")))
}

// run revokes the keys and reports what remains.
func (r *revocation) run(ctx context.Context, diags *diag.Diagnostics) {
	keys, err := r.inv.AppKeys(ctx, r.AppRef(), inventory.Now)
	if err != nil {
		r.advised().AddError(diags, "list app keys", err, "Nothing is revoked.")
		return
	}
	c := r.choose(keys)
	switch {
	case r.leavesNone(c):
		r.refuse(c, diags)
		return
	case r.only && len(c.revoke) == 0:
		diags.AddAttributeError(path.Root("key_ids"), "No keys to revoke", fmt.Sprintf(
			"The app %s has none of the keys of key_ids, so nothing is revoked. If they were revoked before, there is nothing left to do; "+
				"otherwise, correct the IDs. %s",
			r.App(), r.remaining(c.keep)))
		return
	}
	r.warnMissing(c, diags)
	done := r.revokeEach(ctx, c.revoke, diags)
	if ctx.Err() != nil {
		r.cancelled(c, done, diags)
		return
	}
	r.tell(fmt.Sprintf("Revoked %d of %d keys of the app %s.", done, len(c.revoke), r.App()))
	r.reportRest(ctx, keys, diags)
}

// revokeEach revokes keys until the run is cancelled, and returns how many it has
// revoked. A failure does not keep it from the next one.
func (r *revocation) revokeEach(ctx context.Context, keys []clarifai.Key, diags *diag.Diagnostics) (done int) {
	for i, k := range keys {
		if ctx.Err() != nil {
			return done
		}
		err := r.inv.DeleteKey(ctx, k.Ref(), k.Value)
		if err == nil {
			done++
			r.tell(fmt.Sprintf("Revoked key %s, %d of %d.", key.Name(r.inv, k), i+1, len(keys)))
			continue
		}
		if ctx.Err() != nil {
			return done
		}
		advice.AddError(diags, "revoke app key", "key "+k.ID(), err, "Invoke the action again to revoke what is left. A key that is not "+
			"revoked keeps working.")
		r.tell(fmt.Sprintf("Cannot revoke key %s, %d of %d; going on with the others.", key.Name(r.inv, k), i+1, len(keys)))
	}
	return done
}

// cancelled says what a cancelled run has left undone. The key that was being
// revoked counts as not revoked.
func (r *revocation) cancelled(c chosen, done int, diags *diag.Diagnostics) {
	diags.AddError("Cannot revoke app keys", fmt.Sprintf(
		"The run was cancelled: %d of %d keys of the app %s are revoked, and the others may still work. Invoke the action again to revoke them.", done, len(c.revoke), r.App()))
}

// reportRest ends with the keys that the app has now. Before are those that it had.
func (r *revocation) reportRest(ctx context.Context, before []clarifai.Key, diags *diag.Diagnostics) {
	rest, err := r.inv.AppKeys(ctx, r.AppRef(), inventory.Now)
	if err != nil {
		diags.AddWarning("What remains is not known", fmt.Sprintf("The keys that are left in the app %s cannot be listed: %s. Invoke the "+
			"action again to see them.", r.App(), err))
		return
	}
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

// remaining returns a sentence about the keys that the app is left with.
func (r *revocation) remaining(keys []clarifai.Key) string {
	if len(keys) == 0 {
		return "No key is left in the app " + r.App() + "."
	}
	return fmt.Sprintf("Keys left in the app %s: %d\n%s", r.App(), len(keys), key.Names(r.inv, keys))
}
