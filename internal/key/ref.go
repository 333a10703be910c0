// Package key is what every type says of an app-specific API key: how it is named,
// found, limited and revoked. Clarifai's ID of a key is the secret itself; the ID here
// is user_id/app_id/fingerprint, which is safe to show.
package key

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Ref is what finds a key, without its secret.
type Ref = clarifai.KeyRef

// LookTimeout is how long a plan waits for the keys of an app, about which it only
// warns.
const LookTimeout = 5 * time.Second

// Revoke looks up the secret of a key and revokes it. That the key is gone
// is a success.
func Revoke(ctx context.Context, inv *inventory.Inventory, ref Ref) error {
	k, err := inv.Key(ctx, ref, inventory.Checked)
	if errors.Is(err, inventory.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return inv.DeleteKey(ctx, k.Ref(), k.Value)
}

// Name returns how messages name a key: by ID and description.
func Name(inv *inventory.Inventory, k clarifai.Key) string {
	return Described(k.ID(), ShownDescription(inv, k))
}

// Described names the key of an ID, whose app a server may have named, by its
// description, which other_keys holds.
func Described(id, description string) string {
	return clarifai.Escape(id + ` ("` + strings.ReplaceAll(description, `"`, `\"`) + `")`)
}

// IDs returns the IDs of keys.
func IDs[K interface{ ID() string }](keys []K) []string {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.ID()
	}
	return ids
}

// Names returns a list of keys, one a line.
func Names(inv *inventory.Inventory, keys []clarifai.Key) string {
	var lines []string
	for _, k := range keys {
		lines = append(lines, "  "+Name(inv, k))
	}
	return strings.Join(lines, "\n")
}

// maxShownDescription is how many characters other_keys shows of a description.
const maxShownDescription = 100

// ShownDescription returns the description of a key as messages and other_keys show it.
// It may hold anything, even a key, or what a terminal obeys.
func ShownDescription(inv *inventory.Inventory, k clarifai.Key) string {
	text := []rune(clarifai.Escape(inv.Redact(k.Description)))
	if len(text) > maxShownDescription {
		return string(text[:maxShownDescription]) + "…"
	}
	return string(text)
}

// WarnShared warns about keys that give access to several apps. Where names what they
// were found in: an app, or an account.
func WarnShared(diags *diag.Diagnostics, inv *inventory.Inventory, where string, shared []clarifai.Key) {
	if len(shared) == 0 {
		return
	}
	var lines []string
	for _, k := range shared {
		var apps []string
		for _, app := range k.AlsoIn {
			apps = append(apps, app.String())
		}
		lines = append(lines, "  "+Name(inv, k)+", also for "+clarifai.Escape(strings.Join(apps, ", ")))
	}
	diags.AddWarning("App keys of "+where+" give access to several apps", "Each of these keys works in other apps, too:\n"+
		strings.Join(lines, "\n")+"\n\nTerraform revokes none of them, because whoever uses one for another app would be cut off. If nothing "+
		"needs such a key, delete it in Clarifai.")
}
