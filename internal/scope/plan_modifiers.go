package scope

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

var (
	_ planmodifier.Set = keepEquivalent{}
	_ planmodifier.Set = requiresReplace{}
)

type keepEquivalent struct{}

// KeepEquivalent plans the prior value where it means the same as the configuration. After an import the state holds
// what the server shows, perhaps in another spelling or with dependencies added, and that must not replace a key.
// Terraform accepts a planned value that differs from the configuration if it is the prior one.
func KeepEquivalent() planmodifier.Set { return keepEquivalent{} }

// Description tells what the modifier does.
func (keepEquivalent) Description(context.Context) string {
	return "Keeps the prior value if it is the configured set in another spelling or with its dependencies added."
}

// MarkdownDescription tells the same.
func (m keepEquivalent) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifySet compares configuration and state.
func (keepEquivalent) PlanModifySet(_ context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	want, ok := knownStrings(req.ConfigValue)
	if !ok {
		return
	}
	prior, ok := knownStrings(req.StateValue)
	if !ok {
		return
	}
	// Not the other way round: a configuration that adds a dependency wants a scope the key may lack, and to
	// keep the prior value would drop that wish for good.
	if Equivalent(want, prior) {
		resp.PlanValue = req.StateValue
	}
}

type requiresReplace struct{}

// RequiresReplace replaces the resource when the planned set differs from the prior one. Unlike the framework's modifier
// of that name it takes linear time. It belongs behind KeepEquivalent.
func RequiresReplace() planmodifier.Set { return requiresReplace{} }

// Description tells what the modifier does.
func (requiresReplace) Description(context.Context) string {
	return "If the value of this attribute changes, Terraform destroys and recreates the resource."
}

// MarkdownDescription tells the same.
func (m requiresReplace) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifySet compares plan and state, except on create and destroy.
func (requiresReplace) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	plan, diags := SetType{}.ValueFromSet(ctx, req.PlanValue)
	resp.Diagnostics.Append(diags...)
	state, diags := SetType{}.ValueFromSet(ctx, req.StateValue)
	resp.Diagnostics.Append(diags...)
	resp.RequiresReplace = !resp.Diagnostics.HasError() && !plan.Equal(state)
}

// knownStrings are the elements of a set that is known throughout.
func knownStrings(set basetypes.SetValue) ([]string, bool) {
	if set.IsNull() || set.IsUnknown() {
		return nil, false
	}
	elems := set.Elements()
	out := make([]string, 0, len(elems))
	for _, elem := range elems {
		s, ok := elem.(basetypes.StringValue)
		if !ok || s.IsNull() || s.IsUnknown() {
			return nil, false
		}
		out = append(out, s.ValueString())
	}
	return out, true
}
