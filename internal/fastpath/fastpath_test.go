package fastpath

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// becomes is a kind whose reads find an edited thing.
func becomes(edit func(*thing)) thingKind {
	return thingKind{result: func(m thing) (thing, bool) {
		edit(&m)
		return m, true
	}}
}

// TestReadResource_kinds: the fast path answers where the result of a read means
// the same as the state, and nowhere else.
func TestReadResource_kinds(t *testing.T) {
	t.Parallel()
	nullScopes := map[string]tftypes.Value{"scopes": tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, nil)}
	for name, c := range map[string]struct {
		kind  thingKind
		state map[string]tftypes.Value
		fast  bool
	}{
		"unchanged":             {fast: true},
		"a read does more":      {kind: thingKind{result: func(m thing) (thing, bool) { return m, false }}},
		"another id":            {kind: becomes(func(m *thing) { m.ID = types.StringValue("2") })},
		"an owner gone":         {kind: becomes(func(m *thing) { m.Owner = types.StringNull() })},
		"off":                   {kind: becomes(func(m *thing) { m.On = types.BoolValue(false) })},
		"scopes widened":        {kind: becomes(func(m *thing) { m.Scopes = scope.NewSet([]string{"Inputs:Add", "Models:Get", "Predict"}) })},
		"scopes spelled":        {kind: becomes(func(m *thing) { m.Scopes = scope.NewSet([]string{"Inputs_Add", "Predict"}) }), fast: true},
		"scopes gone":           {kind: becomes(func(m *thing) { m.Scopes = scope.NewSetNull() })},
		"scopes unknown":        {kind: becomes(func(m *thing) { m.Scopes = scope.NewSetUnknown() })},
		"scopes none":           {state: nullScopes, fast: true},
		"scopes where was none": {kind: becomes(func(m *thing) { m.Scopes = scope.NewSet([]string{"Predict"}) }), state: nullScopes},
		"labels": {kind: becomes(func(m *thing) {
			m.Labels = types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringValue("b")})
		})},
	} {
		req := &tfprotov6.ReadResourceRequest{TypeName: "test_thing", CurrentState: state(t, c.state)}
		resp, fast := ask(t, For(thingResource{}, c.kind), Server.ReadResource, req)
		if fast != c.fast || fast && (resp.NewState != req.CurrentState || len(resp.Diagnostics) > 0) {
			t.Errorf("%s: fast: %t, %+v", name, fast, resp)
		}
	}
}

// TestReadResource_requests: what the fast path was not written for goes on.
func TestReadResource_requests(t *testing.T) {
	t.Parallel()
	type request = tfprotov6.ReadResourceRequest
	for name, c := range map[string]struct {
		edit func(*request)
		fast bool
	}{
		"unchanged":          {edit: func(*request) {}, fast: true},
		"another type":       {edit: func(r *request) { r.TypeName = "test_other" }},
		"no state":           {edit: func(r *request) { r.CurrentState = nil }},
		"a null state":       {edit: func(r *request) { r.CurrentState = dynamic(t, thingType, nil) }},
		"a state in JSON":    {edit: func(r *request) { r.CurrentState = &tfprotov6.DynamicValue{JSON: []byte(`{}`)} }},
		"no owner":           {edit: func(r *request) { r.CurrentState = state(t, map[string]tftypes.Value{"owner": text(nil)}) }},
		"no private state":   {edit: func(r *request) { r.Private = []byte{} }, fast: true},
		"no notes":           {edit: func(r *request) { r.Private = []byte(`{}`) }, fast: true},
		"a note to ignore":   {edit: func(r *request) { r.Private = []byte(`{"of a plan":"dHJ1ZQ=="}`) }, fast: true},
		"a note of a read":   {edit: func(r *request) { r.Private = []byte(`{"of a read":"dHJ1ZQ=="}`) }},
		"a new note":         {edit: func(r *request) { r.Private = []byte(`{"of a plan":"dHJ1ZQ==","new":"dHJ1ZQ=="}`) }},
		"a name in a value":  {edit: func(r *request) { r.Private = []byte(`{"of a plan":"of a read"}`) }, fast: true},
		"imported":           {edit: func(r *request) { r.Private = []byte(`{".import_before_read":"dHJ1ZQ=="}`) }},
		"private of another": {edit: func(r *request) { r.Private = []byte(`"of a plan"`) }},
		"the identity":       {edit: func(r *request) { r.CurrentIdentity = identity(t, "1", "me") }, fast: true},
		"another identity":   {edit: func(r *request) { r.CurrentIdentity = identity(t, "1", "you") }},
		"an identity in JSON": {edit: func(r *request) {
			r.CurrentIdentity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{JSON: []byte(`{}`)}}
		}},
		"an identity of more": {edit: func(r *request) { r.CurrentIdentity = wideIdentity(t) }},
		"an empty identity":   {edit: func(r *request) { r.CurrentIdentity = &tfprotov6.ResourceIdentityData{} }, fast: true},
		"an identity of 0 bytes": {edit: func(r *request) {
			r.CurrentIdentity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{}}
		}, fast: true},
		"a null identity": {edit: func(r *request) {
			r.CurrentIdentity = &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, thingIdentity, nil)}
		}, fast: true},
	} {
		req := &request{TypeName: "test_thing", CurrentState: state(t, nil)}
		c.edit(req)
		resp, fast := ask(t, For(thingResource{}, thingKind{}), Server.ReadResource, req)
		apitest.Equal(t, fast, c.fast, "fast", name)
		if !fast {
			continue
		}
		if resp.NewState != req.CurrentState || string(resp.Private) != string(req.Private) {
			t.Errorf("%s: the answer is not the state as it came", name)
		}
		v, err := resp.NewIdentity.IdentityData.Unmarshal(thingIdentity)
		if err != nil || !v.Equal(tftypes.NewValue(thingIdentity, map[string]tftypes.Value{"id": text("1"), "owner": text("me")})) {
			t.Errorf("%s: identity %v, %v", name, v, err)
		}
	}
}

func wideIdentity(t *testing.T) *tfprotov6.ResourceIdentityData {
	t.Helper()
	wide := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "owner": tftypes.String, "at": tftypes.String}}
	return &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, wide, map[string]tftypes.Value{"id": text("1"), "owner": text("me"), "at": text("home")})}
}

func TestPlanResourceChange(t *testing.T) {
	t.Parallel()
	type request = tfprotov6.PlanResourceChangeRequest
	off := map[string]tftypes.Value{"on": tftypes.NewValue(tftypes.Bool, false)}
	for name, c := range map[string]struct {
		edit  func(*request)
		keeps func(thing, func() (thing, bool)) bool
		fast  bool
	}{
		"unchanged":        {fast: true},
		"another type":     {edit: func(r *request) { r.TypeName = "test_other" }},
		"nothing prior":    {edit: func(r *request) { r.PriorState = nil }},
		"nothing proposed": {edit: func(r *request) { r.ProposedNewState = nil }},
		"created":          {edit: func(r *request) { r.PriorState = dynamic(t, thingType, nil) }},
		"destroyed":        {edit: func(r *request) { r.ProposedNewState = dynamic(t, thingType, nil) }},
		"null": {edit: func(r *request) {
			r.PriorState, r.ProposedNewState = dynamic(t, thingType, nil), dynamic(t, thingType, nil)
		}},
		"in JSON": {edit: func(r *request) {
			r.PriorState, r.ProposedNewState = &tfprotov6.DynamicValue{}, &tfprotov6.DynamicValue{}
		}},
		"changed":   {edit: func(r *request) { r.ProposedNewState = state(t, off) }},
		"not kept":  {keeps: func(thing, func() (thing, bool)) bool { return false }},
		"the state": {keeps: func(m thing, _ func() (thing, bool)) bool { return m.Owner.ValueString() == "me" }, fast: true},
		"the configuration": {
			edit: func(r *request) { r.Config = state(t, off) },
			keeps: func(_ thing, config func() (thing, bool)) bool {
				c, ok := config()
				return ok && c.On.Equal(types.BoolValue(false))
			},
			fast: true,
		},
		"no configuration": {
			edit:  func(r *request) { r.Config = nil },
			keeps: func(_ thing, config func() (thing, bool)) bool { _, ok := config(); return !ok },
			fast:  true,
		},
		"a note to ignore": {edit: func(r *request) { r.PriorPrivate = []byte(`{"of a read":"dHJ1ZQ=="}`) }, fast: true},
		"a note of a plan": {edit: func(r *request) { r.PriorPrivate = []byte(`{"of a plan":"dHJ1ZQ=="}`) }},
		"a new note":       {edit: func(r *request) { r.PriorPrivate = []byte(`{"of a read":"dHJ1ZQ==","new":"dHJ1ZQ=="}`) }},
	} {
		req := &request{TypeName: "test_thing", Config: state(t, nil), PriorState: state(t, nil), ProposedNewState: state(t, nil), PriorIdentity: identity(t, "1", "me")}
		if c.edit != nil {
			c.edit(req)
		}
		resp, fast := ask(t, For(thingResource{}, thingKind{keeps: c.keeps}), Server.PlanResourceChange, req)
		apitest.Equal(t, fast, c.fast, "fast", name)
		if fast && (resp.PlannedState != req.ProposedNewState || string(resp.PlannedPrivate) != string(req.PriorPrivate) ||
			resp.PlannedIdentity != req.PriorIdentity || len(resp.Diagnostics)+len(resp.RequiresReplace) > 0) {
			t.Errorf("%s: the plan is not the state as it came: %+v", name, resp)
		}
	}
}

// TestPlanResourceChange_notes: what a plan notes is added to private state.
func TestPlanResourceChange_notes(t *testing.T) {
	t.Parallel()
	for private, want := range map[string]string{
		"":                         `{"of a plan":"MQ=="}`,
		`null`:                     `{"of a plan":"MQ=="}`,
		`{"of a read":"dHJ1ZQ=="}`: `{"of a plan":"MQ==","of a read":"dHJ1ZQ=="}`,
		`{"of a read":1}`:          "", // not as the framework writes it
	} {
		req := &tfprotov6.PlanResourceChangeRequest{TypeName: "test_thing", PriorState: state(t, nil), ProposedNewState: state(t, nil), PriorPrivate: []byte(private)}
		resp, fast := ask(t, For(thingResource{}, thingKind{notes: Notes{"of a plan": []byte("1")}}), Server.PlanResourceChange, req)
		if fast != (want != "") || fast && string(resp.PlannedPrivate) != want {
			t.Errorf("%s: fast: %t, %s", private, fast, resp.PlannedPrivate)
		}
	}
}

func TestUpgradeResourceState(t *testing.T) {
	t.Parallel()
	type request = tfprotov6.UpgradeResourceStateRequest
	holds := func(old, with string) func(*request) {
		return func(r *request) { r.RawState.JSON = []byte(strings.Replace(current, old, with, 1)) }
	}
	for name, c := range map[string]struct {
		edit func(*request)
		fast bool
	}{
		"current":           {func(*request) {}, true},
		"another type":      {func(r *request) { r.TypeName = "test_other" }, false},
		"another version":   {func(r *request) { r.Version = 1 }, false},
		"no state":          {func(r *request) { r.RawState = nil }, false},
		"a flatmap":         {func(r *request) { r.RawState = &tfprotov6.RawState{Flatmap: map[string]string{"id": "1"}} }, false},
		"an attribute less": {holds(`,"labels":null`, ""), false},
		"an attribute more": {holds("}", `,"more":1}`), false},
		"another attribute": {holds(`"labels"`, `"more"`), false},
		"no object":         {holds(current, `["id","owner","name","old","on","size","scopes","tags","labels","place"]`), false},
	} {
		req := &request{TypeName: "test_thing", RawState: &tfprotov6.RawState{JSON: []byte(current)}}
		c.edit(req)
		resp, fast := ask(t, For(thingResource{}, thingKind{}), Server.UpgradeResourceState, req)
		if fast != c.fast || fast && (string(resp.UpgradedState.JSON) != current || len(resp.Diagnostics) > 0) {
			t.Errorf("%s: fast: %t, %+v", name, fast, resp)
		}
	}
}
