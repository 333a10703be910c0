// Package providerdata is what the provider's Configure hands to every type that
// it serves, and what they share: bases to embed, validators, null mapping,
// private state and diagnostics.
package providerdata

import (
	"sync"
	"sync/atomic"

	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Data is what the provider's Configure hands to the types that it serves.
type Data struct {
	inventory *inventory.Inventory
	cleanup   *Cleanup
	unknown   []string // attributes of the provider block that are not known yet
	read      sync.Map // IDs of the resources that were refreshed
	notes     sync.Map // names of the notes of this run
	planned   sync.Map // base workflows of the apps in this plan, by owner/app
	hasRead   atomic.Bool
	session   session
}

// New returns the data of a configured provider. Its ephemeral resources
// register in cleanup what they leave open.
func New(inv *inventory.Inventory, cleanup *Cleanup) *Data {
	return &Data{inventory: inv, cleanup: cleanup, session: newSession()}
}

// Pending returns data that cannot be used yet: the named attributes of the
// provider block are unknown until something else is applied.
func Pending(attributes []string) *Data { return &Data{unknown: attributes, session: newSession()} }

// Inventory returns the configured inventory, or nil.
func (d *Data) Inventory() *inventory.Inventory {
	if d == nil {
		return nil
	}
	return d.inventory
}

// NoteRead records that a resource was refreshed.
func (d *Data) NoteRead(id string) {
	d.read.Store(id, struct{}{})
	if !d.hasRead.Load() {
		d.hasRead.Store(true)
	}
}

// HasReadAny reports whether any resource was refreshed, so that Terraform is
// planning and Clarifai answers.
func (d *Data) HasReadAny() bool { return d.hasRead.Load() }

// HasRead reports whether a resource was refreshed. If it was, Terraform is
// planning. If not, Terraform may be applying: it then plans each change once
// more, and what was planned as an update has to stay one, whatever has
// happened since.
func (d *Data) HasRead(id string) bool {
	_, ok := d.read.Load(id)
	return ok
}

// Note records a note of this run, and reports whether it is the first of that
// name: for what is said once, and not per resource.
func (d *Data) Note(name string) (first bool) {
	_, before := d.notes.LoadOrStore(name, struct{}{})
	return !before
}

// HasNote reports whether Note was called with that name.
func (d *Data) HasNote(name string) bool {
	_, ok := d.notes.Load(name)
	return ok
}
