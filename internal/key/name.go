package key

import (
	"fmt"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Name returns how messages name a key: by ID and description.
func Name(inv *inventory.Inventory, k clarifai.Key) string {
	return fmt.Sprintf("%s (%q)", k.ID(), ShownDescription(inv, k))
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
// It may hold anything, even a key.
func ShownDescription(inv *inventory.Inventory, k clarifai.Key) string {
	text := []rune(strings.ToValidUTF8(inv.Redact(k.Description), "\uFFFD"))
	if len(text) > maxShownDescription {
		return string(text[:maxShownDescription]) + "…"
	}
	return string(text)
}
