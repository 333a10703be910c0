package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// minRequestsPerSecond is the lowest accepted rate limit.
const minRequestsPerSecond = 0.01

// notEmpty refuses an empty setting. Instead says what omitting it does, such as
// "to use CLARIFAI_PAT".
func notEmpty(instead string) validator.String {
	return base.StringValidator{
		Accepts: "value must not be empty",
		Check: func(at path.Path, value string, diags *diag.Diagnostics) {
			if strings.TrimSpace(value) == "" {
				diags.AddAttributeError(at, "Empty "+at.String(), fmt.Sprintf("%s is empty. Set it, or omit it %s.", at, instead))
			}
		},
	}
}

// atLeast refuses numbers below it.
type atLeast float64

func (v atLeast) Description(context.Context) string {
	return fmt.Sprintf("value must be at least %g", v)
}

func (v atLeast) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v atLeast) ValidateFloat64(_ context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueFloat64(); n < float64(v) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), fmt.Sprintf(
			"%s is %g; it must be at least %g.", req.Path, n, v))
	}
}

// positiveDuration accepts what time.ParseDuration reads as more than nothing.
func positiveDuration() validator.String {
	const accepts = `value must be a duration greater than zero, such as "30s" or "1m30s"`
	return base.StringValidator{
		Accepts: accepts,
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			if d, err := time.ParseDuration(text); err != nil || d <= 0 {
				diags.AddAttributeError(at, "Invalid duration", fmt.Sprintf("%s is %q; the %s.", at, clarifai.RedactKeys(text), accepts))
			}
		},
	}
}
