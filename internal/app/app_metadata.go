package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
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

// jsonObject refuses what is not a JSON object.
type jsonObject struct{}

func (jsonObject) Description(context.Context) string { return "value must be a JSON object" }

func (v jsonObject) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (jsonObject) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var object map[string]any
	err := json.Unmarshal([]byte(req.ConfigValue.ValueString()), &object)
	if err != nil || object == nil {
		kind := "not a JSON object"
		if s := strings.TrimSpace(req.ConfigValue.ValueString()); json.Valid([]byte(s)) {
			kind = "JSON, but not an object"
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid metadata",
			fmt.Sprintf("%s is %s. Set it to an object, for example jsonencode({ tenant = \"acme\" }).", req.Path, kind))
	}
}
