package key

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// maxNamedKeys is how many keys a message names.
const maxNamedKeys = 20

// Named lists keys for a message, by ID and description.
func Named(inv *inventory.Inventory, keys []clarifai.Key) string {
	var lines []string
	for i, k := range keys {
		if i == maxNamedKeys {
			lines = append(lines, fmt.Sprintf("  and %d more", len(keys)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("  %s (%q)", k.ID(), ShownDescription(inv, k)))
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

// IsOther reports whether an attribute is set to another value.
func IsOther(attribute types.String, value string) bool {
	return !attribute.IsNull() && !attribute.IsUnknown() && attribute.ValueString() != value
}
