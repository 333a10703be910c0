package scope

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// setModifier is a plan modifier of a set.
type setModifier struct {
	text   string
	modify func(context.Context, planmodifier.SetRequest, *planmodifier.SetResponse)
}

func (m setModifier) Description(context.Context) string { return m.text }

func (m setModifier) MarkdownDescription(context.Context) string { return m.text }

func (m setModifier) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	m.modify(ctx, req, resp)
}

// KeepEquivalent returns a plan modifier that plans the prior value if it is the configured set in the other
// spelling. Nothing else is equivalent here: a scope that the configuration no longer has is to be taken away, even
// if the remaining ones depend on it. Terraform accepts a planned value that differs from the configuration if it is
// the prior value and neither is null.
func KeepEquivalent() planmodifier.Set {
	return setModifier{"Keeps the prior value if it is the configured set in another spelling.", keepEquivalent}
}

func keepEquivalent(_ context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	want, ok := knownStrings(req.ConfigValue)
	if !ok {
		return
	}
	prior, ok := knownStrings(req.StateValue)
	if ok && slices.Equal(canonical(want), canonical(prior)) {
		resp.PlanValue = req.StateValue
	}
}

// canonical returns the scopes in the colon spelling, sorted and without duplicates.
func canonical(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = Canonical(name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// RequiresReplace returns a plan modifier that replaces the resource if the planned set differs from the prior
// one; null and empty do not differ. Unlike the framework's modifier of the same name, it runs in linear time.
// List it after KeepEquivalent.
func RequiresReplace() planmodifier.Set {
	return setModifier{"If the value of this attribute changes, Terraform destroys and recreates the resource.", requiresReplace}
}

func requiresReplace(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	plan, diags := SetType{}.ValueFromSet(ctx, req.PlanValue)
	resp.Diagnostics.Append(diags...)
	state, diags := SetType{}.ValueFromSet(ctx, req.StateValue)
	resp.Diagnostics.Append(diags...)
	resp.RequiresReplace = !resp.Diagnostics.HasError() && !plan.Equal(state) && !(isEmpty(req.PlanValue) && isEmpty(req.StateValue))
}

// isEmpty reports whether a set is null or known to have no elements.
func isEmpty(set basetypes.SetValue) bool {
	return set.IsNull() || !set.IsUnknown() && len(set.Elements()) == 0
}

// knownStrings returns the elements of a set. It reports false if the set or an element is null or unknown.
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
