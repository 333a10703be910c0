package fastpath

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// odd is an attribute that is no struct of the framework's.
type odd struct{ schema.Attribute }

// TestShape: the framework answers for a resource that is served in another
// shape than the fast path was written for.
func TestShape(t *testing.T) {
	t.Parallel()
	type attributes = map[string]schema.Attribute
	on := schema.BoolAttribute{Optional: true, Computed: true}
	for name, c := range map[string]struct {
		edit  func(schema attributes, s *served)
		shape func(*Shape)
		fast  bool
	}{
		"as written for": {fast: true},
		"text of no matter": {edit: func(a attributes, _ *served) {
			a["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "new"}
		}, fast: true},
		"a new attribute":     {edit: func(a attributes, _ *served) { a["new"] = schema.StringAttribute{Optional: true} }},
		"an attribute gone":   {edit: func(a attributes, _ *served) { delete(a, "labels") }},
		"a renamed attribute": {edit: func(a attributes, _ *served) { a["marks"] = a["labels"]; delete(a, "labels") }},
		"another type":        {edit: func(a attributes, _ *served) { a["owner"] = schema.Int64Attribute{Optional: true} }},
		"another kind of set": {edit: func(a attributes, _ *served) {
			s, _ := a["scopes"].(schema.SetAttribute)
			s.CustomType = scope.SetType{Kind: scope.Endpoints}
			a["scopes"] = s
		}},
		"a new default": {edit: func(a attributes, _ *served) {
			a["owner"] = schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("me")}
		}},
		"another default": {edit: func(a attributes, _ *served) { b := on; b.Default = booldefault.StaticBool(false); a["on"] = b }},
		"a default gone":  {edit: func(a attributes, _ *served) { a["on"] = on }},
		"a new modifier": {edit: func(a attributes, _ *served) {
			a["id"] = schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
		}},
		"a modifier gone": {edit: func(a attributes, _ *served) {
			a["scopes"] = schema.SetAttribute{CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true}
		}},
		"write-only":         {edit: func(a attributes, _ *served) { a["owner"] = schema.StringAttribute{Optional: true, WriteOnly: true} }},
		"of no known struct": {edit: func(a attributes, _ *served) { a["owner"] = &odd{schema.StringAttribute{Optional: true}} }},
		"without a default":  {edit: func(a attributes, _ *served) { a["owner"] = odd{schema.StringAttribute{Optional: true}} }},
		"nested": {
			edit: func(a attributes, _ *served) {
				a["labels"] = schema.SingleNestedAttribute{Optional: true, Attributes: attributes{"a": schema.StringAttribute{Optional: true}}}
			},
			shape: func(s *Shape) {
				s.Attributes["labels"] = Attribute{Type: schema.SingleNestedAttribute{Attributes: attributes{"a": schema.StringAttribute{}}}.GetType()}
			},
		},
		"a block": {edit: func(_ attributes, s *served) {
			s.schema.Blocks = map[string]schema.Block{"new": schema.SingleNestedBlock{}}
		}},
		"another version":    {edit: func(_ attributes, s *served) { s.schema.Version = 1 }},
		"written for others": {shape: func(s *Shape) { s.Version = 1 }},
		"identity version":   {edit: func(_ attributes, s *served) { s.identity.Version = 1 }},
		"identity of more":   {edit: func(_ attributes, s *served) { s.identity.Attributes["on"] = identityschema.StringAttribute{} }},
		"identity of less":   {edit: func(_ attributes, s *served) { delete(s.identity.Attributes, "owner") }},
		"identity of others": {edit: func(_ attributes, s *served) {
			delete(s.identity.Attributes, "owner")
			s.identity.Attributes["name"] = identityschema.StringAttribute{}
		}},
		"identity of no string": {edit: func(_ attributes, s *served) { s.identity.Attributes["owner"] = identityschema.BoolAttribute{} }},
		"identity of a bool": {
			edit: func(_ attributes, s *served) {
				delete(s.identity.Attributes, "owner")
				s.identity.Attributes["on"] = identityschema.StringAttribute{}
			},
			shape: func(s *Shape) { s.Identity = []string{"id", "on"} },
		},
		"identity of nothing": {
			edit: func(_ attributes, s *served) {
				delete(s.identity.Attributes, "owner")
				s.identity.Attributes["none"] = identityschema.StringAttribute{}
			},
			shape: func(s *Shape) { s.Identity = []string{"id", "none"} },
		},
	} {
		var edit func(*served)
		if c.edit != nil {
			edit = func(s *served) { c.edit(s.schema.Attributes, s) }
		}
		r := For(thingResource{edit: edit}, thingKind{shape: c.shape})
		_, read := ask(t, r, Server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: "test_thing", CurrentState: state(t, nil)})
		now := state(t, nil)
		_, plan := ask(t, r, Server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{TypeName: "test_thing", PriorState: now, ProposedNewState: now})
		stored := &tfprotov6.RawState{JSON: []byte(current)}
		_, upgrade := ask(t, r, Server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: "test_thing", RawState: stored})
		apitest.Equal(t, [3]bool{read, plan, upgrade}, [3]bool{c.fast, c.fast, c.fast}, "reads, plans and upgrades fast:", name)
	}
}

// TestShape_nested: an object fits if nothing in it has a default or a plan modifier.
func TestShape_nested(t *testing.T) {
	t.Parallel()
	type attributes = map[string]schema.Attribute
	object := func(a schema.Attribute) schema.Attribute {
		return schema.SingleNestedAttribute{Attributes: attributes{"a": a}}
	}
	for name, c := range map[string]struct {
		nested schema.Attribute
		fits   bool
	}{
		"an object":    {object(schema.StringAttribute{Optional: true}), true},
		"in an object": {object(object(schema.StringAttribute{Optional: true})), true},
		"a default":    {object(schema.StringAttribute{Computed: true, Default: stringdefault.StaticString("a")}), false},
		"a modifier": {object(schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{
			stringplanmodifier.UseStateForUnknown(),
		}}), false},
		"a default deeper": {object(object(schema.StringAttribute{Computed: true, Default: stringdefault.StaticString("a")})), false},
		"a list":           {schema.ListNestedAttribute{}, false},
	} {
		apitest.Equal(t, (Attribute{Type: c.nested.GetType()}).fits(c.nested), c.fits, "fits", name)
	}
}
