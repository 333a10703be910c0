package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// metadataFromAPI keeps the user's text if it means what the server has.
func metadataFromAPI(got json.RawMessage, prior types.String) types.String {
	if sameJSON([]byte(prior.ValueString()), got) && !prior.IsUnknown() {
		return prior
	}
	if emptyJSON(got) {
		return types.StringNull()
	}
	var compact bytes.Buffer
	if json.Compact(&compact, got) != nil {
		return types.StringNull()
	}
	return types.StringValue(compact.String())
}

// emptyJSON reports whether a text is nothing, null or an empty object.
func emptyJSON(b []byte) bool {
	s := bytes.TrimSpace(b)
	if inner, ok := bytes.CutPrefix(s, []byte("{")); ok {
		return string(bytes.TrimSpace(inner)) == "}"
	}
	return len(s) == 0 || string(s) == "null"
}

// sameJSON reports whether two texts mean the same. Numbers are compared as
// doubles, because that is how the API stores them.
func sameJSON(a, b []byte) bool {
	if emptyJSON(a) || emptyJSON(b) {
		return emptyJSON(a) && emptyJSON(b)
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// jsonObject returns the validator of a JSON object.
func jsonObject() validator.String {
	return base.StringValidator{
		Accepts: "value must be a JSON object",
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			var object map[string]any
			if json.Unmarshal([]byte(text), &object) == nil && object != nil {
				return
			}
			kind := "not a JSON object"
			if json.Valid([]byte(text)) {
				kind = "JSON, but not an object"
			}
			diags.AddAttributeError(at, "Invalid metadata",
				fmt.Sprintf("%s is %s. Set it to an object, for example jsonencode({ tenant = \"acme\" }).", at, kind))
		},
	}
}
