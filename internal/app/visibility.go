package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

var visibilities = []string{"PRIVATE", "ORG", "PUBLIC"}

// visibility returns the validator of a visibility.
func visibility() validator.String {
	const accepts = `must be "PRIVATE", "ORG" or "PUBLIC"`
	return base.StringValidator{
		Accepts: "value " + accepts,
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			if slices.Contains(visibilities, text) {
				return
			}
			detail := fmt.Sprintf("%s is %q; it %s.", at, text, accepts)
			if meant := strings.ToUpper(strings.TrimSpace(text)); slices.Contains(visibilities, meant) {
				detail += fmt.Sprintf(" Did you mean %q?", meant)
			}
			diags.AddAttributeError(at, "Invalid visibility", detail)
		},
	}
}
