package key

import (
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Name returns how messages name a key: by ID and description.
func Name(inv *inventory.Inventory, k clarifai.Key) string {
	return Described(k.ID(), ShownDescription(inv, k))
}

// Described names the key of an ID by its description, which other_keys holds.
func Described(id, description string) string {
	return id + ` ("` + strings.ReplaceAll(clarifai.Escape(description), `"`, `\"`) + `")`
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
