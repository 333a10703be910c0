package scope

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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

func keepEquivalent(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	want, prior := setOf(ctx, req.ConfigValue, &resp.Diagnostics), setOf(ctx, req.StateValue, &resp.Diagnostics)
	if want.isWhole() && prior.isWhole() && slices.Equal(canonical(want.elems), canonical(prior.elems)) {
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
	plan, state := setOf(ctx, req.PlanValue, &resp.Diagnostics), setOf(ctx, req.StateValue, &resp.Diagnostics)
	resp.RequiresReplace = !resp.Diagnostics.HasError() && !plan.Equal(state) && !(plan.IsEmpty() && state.IsEmpty())
}

// setOf returns a set as the framework passes it to plan modifiers.
func setOf(ctx context.Context, in basetypes.SetValue, diags *diag.Diagnostics) SetValue {
	v, more := SetType{}.ValueFromSet(ctx, in)
	diags.Append(more...)
	set, _ := v.(SetValue)
	return set
}
