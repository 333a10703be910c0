package advice

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Mismatch is an attribute that Clarifai did not store as the configuration
// asks.
type Mismatch struct {
	Object    string // what has the attribute, such as "app"
	Attribute string
	Want, Got attr.Value
}

// AddError adds the mismatch as an error, for an object that stays.
func (m Mismatch) AddError(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root(m.Attribute), m.summary(), m.detail())
}

// AddWarning adds the mismatch as a warning, for a new object: an error would
// make Terraform recreate it.
func (m Mismatch) AddWarning(diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root(m.Attribute), m.summary(), m.detail()+" The next plan shows the difference.")
}

func (m Mismatch) summary() string {
	if isCleared(m.Want) {
		return "Clarifai did not clear " + m.Attribute
	}
	return "Clarifai did not store " + m.Attribute + " as configured"
}

func (m Mismatch) detail() string {
	if !isCleared(m.Want) {
		if m.isText() {
			return fmt.Sprintf("Clarifai answered that the %s has another %s than the configuration asks for. Set %[2]s to what Clarifai has, "+
				"or leave it out.", m.Object, m.Attribute)
		}
		return fmt.Sprintf("The configuration asks for %s, but Clarifai answered that the %s has %s. Set %s to what Clarifai has, or "+
			"leave it out.",
			m.Want, m.Object, m.Got, m.Attribute)
	}
	return fmt.Sprintf("The configuration does not set %s, but Clarifai's API does not clear this field: the %s still has its old value. "+
		"Set %[1]s %[3]s, or restore the old value.",
		m.Attribute, m.Object, insteadOfClearing(m.Attribute))
}

// insteadOfClearing says to what an attribute can be set that cannot be cleared.
func insteadOfClearing(attribute string) string {
	if attribute == "metadata" {
		return "to another object, with a key that does no harm"
	}
	return `to another text, such as "-"`
}

// WarnIfCleared adds a warning if a plan clears an attribute of an object that is
// updated in place, such as the description of an app: Clarifai's API may be
// unable to, which would show only at apply.
func WarnIfCleared(diags *diag.Diagnostics, object, attribute string, plan, state types.String) {
	if plan.IsUnknown() || !isCleared(plan) || isCleared(state) {
		return
	}
	diags.AddAttributeWarning(path.Root(attribute), "Clarifai may be unable to clear "+attribute, fmt.Sprintf(
		"The configuration does not set %s, which the %s has. Clarifai's API may be unable to clear this field; the apply then fails with "+
			"an error that says so. Set %s %s, or restore the old value.",
		attribute, object, attribute, insteadOfClearing(attribute)))
}

// isText reports whether the attribute is a text of the user's. A message quotes
// none: the configuration may treat it as sensitive, which a provider cannot see.
func (m Mismatch) isText() bool {
	switch m.Attribute {
	case "description", "metadata", "name", "notes":
		return true
	}
	return false
}

// isCleared reports whether a wanted value is null or empty.
func isCleared(v attr.Value) bool {
	s, ok := v.(interface{ ValueString() string })
	return v.IsNull() || ok && s.ValueString() == ""
}
