package fastpath

import (
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// identityOf returns the identity that a read sets, which is made of the state's
// attributes: current, where it holds just these, and a new one where there is
// none. Terraform before 1.12 has none.
func identityOf(current *tfprotov6.ResourceIdentityData, attributes map[string]types.String) (*tfprotov6.ResourceIdentityData, bool) {
	want := make(map[string]string, len(attributes))
	for name, v := range attributes {
		if v.IsNull() || v.IsUnknown() {
			return nil, false
		}
		want[name] = v.ValueString()
	}
	if current != nil && !isNull(current.IdentityData) {
		return current, holds(current.IdentityData, want)
	}
	b, err := msgpack.Marshal(want)
	return &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: b}}, err == nil
}

func isNull(v *tfprotov6.DynamicValue) bool {
	return v == nil || len(v.JSON) == 0 && (len(v.MsgPack) == 0 || v.MsgPack[0] == msgpcode.Nil)
}

// holds reports whether v is an object of these attributes.
func holds(v *tfprotov6.DynamicValue, want map[string]string) bool {
	var got map[string]any
	if msgpack.Unmarshal(v.MsgPack, &got) != nil || len(got) != len(want) {
		return false
	}
	for name, text := range want {
		if got[name] != text {
			return false
		}
	}
	return true
}
