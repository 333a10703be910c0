package exclusive_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// run plans a rotating key and the set that refers to its id in one process, and applies
// both in another. It returns what the plan said.
func (f *tenancy) run(rot map[string]any) (said acctest.Said) {
	f.t.Helper()
	p := f.w.Process(f.t)
	rotPlan := p.Plan(f.rot, rot)
	setPlan := p.Plan(f.set, map[string]any{"app_id": "tenant", "key_ids": []any{p.Planned(rotPlan, "id")}})
	said = slices.Concat(rotPlan.Said, setPlan.Said)
	must(f.t, said.Err())
	p = f.w.Process(f.t)
	var applied, more acctest.Said
	f.rot, applied = p.Apply(rotPlan, nil)
	f.set, more = p.Apply(setPlan, map[string]any{"app_id": "tenant", "key_ids": []string{p.Texts(f.rot)["id"]}})
	must(f.t, append(applied, more...).Err())
	return said
}

// alive returns the key of an ID, unless it is dead.
func (f *tenancy) alive(id string) []emulator.Key {
	return slices.DeleteFunc(f.w.Keys(f.w.UserID(), "tenant"), func(k emulator.Key) bool {
		return !strings.HasSuffix(id, clarifai.Secret(k.ID).Fingerprint())
	})
}

// lose deletes a key outside of Terraform.
func (f *tenancy) lose(id string) {
	f.t.Helper()
	must(f.t, f.w.DeleteKey(f.alive(id)[0].ID))
}

// TestAppKeysExclusive_heldByRotation: a key that a rotating key of the run holds is
// not revoked, although key_ids refers to its current one alone and no mark connects the
// two any longer.
func TestAppKeysExclusive_heldByRotation(t *testing.T) {
	t.Parallel()
	narrow, short := map[string]any{"scopes": []string{"Apps:Get"}}, map[string]any{"overlap": "2d"}
	for name, c := range map[string]struct {
		before  func(f *tenancy)
		changed map[string]any
	}{
		"the current key is lost":  {func(*tenancy) {}, nil},
		"the middle one is lost":   {func(f *tenancy) { f.run(with(f.rotConfig(), narrow)) }, narrow},
		"the overlap gets shorter": {func(f *tenancy) { f.clock.Advance(3 * day) }, short},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newTenancy(t)
			f.key, f.set = f.apply(f.key, f.keyConfig()), f.apply(f.set, f.setConfig(f.ids["rot"], f.ids["key"]))
			plan := f.w.Process(t).PlanDestroy(f.key) // so that the set has nothing but the rotating key
			f.key, _ = f.w.Process(t).Apply(plan, nil)
			c.before(f)
			f.lose(f.ids["rot"])
			config := with(f.rotConfig(), c.changed)
			saysNot(t, f.run(config).String(), "revokes app keys", "left alone")
			apitest.Equal(t, len(f.alive(f.ids["previous"])), 1, "the key that the plan did not name: alive")
			f.run(config)
			apitest.Equal(t, len(f.alive(f.ids["previous"])), 1, "after the next apply: alive")
		})
	}
}

// TestAppKeysExclusive_revokesHeldKey: a set whose literal key_ids do not order it behind
// the rotating key would revoke the previous key, which stays alive because the current one
// is lost. The second plan is an error, and the advice in it works.
func TestAppKeysExclusive_revokesHeldKey(t *testing.T) {
	t.Parallel()
	f := newTenancy(t)
	f.set = f.apply(f.set, f.setConfig(f.ids["rot"], f.ids["key"]))
	f.lose(f.ids["rot"])
	p := f.w.Process(t)
	must(t, p.Plan(f.set, f.setConfig(f.ids["rot"], f.ids["key"])).Said.Err())
	said := about(p.Plan(f.rot, f.rotConfig()).Said)
	if !strings.HasPrefix(said, lacks) || !strings.Contains(said, f.ids["previous"]) || strings.Contains(said, f.ids["rot"]) {
		t.Errorf("the plan says:\n%s", said)
	}
	p = f.w.Process(t)
	must(t, p.Plan(f.rot, f.rotConfig()).Said.Err())
	must(t, p.Plan(f.set, map[string]any{"app_id": "tenant", "key_ids": []any{acctest.Unknown, f.ids["key"]}}).Said.Err())
}

// TestAppKeysExclusive_namesInTheDark: what an apply revokes is named in the plan,
// although it is not known yet what else key_ids will hold, or of which app they are.
func TestAppKeysExclusive_namesInTheDark(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]map[string]any{
		"part of key_ids": {"key_ids": []any{acctest.Unknown}},
		"key_ids":         {"key_ids": acctest.Unknown},
		"app_id":          {"app_id": acctest.Unknown},
		"user_id":         {"user_id": acctest.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newTenancy(t)
			all := f.setConfig(f.ids["key"], f.ids["rot"], f.ids["previous"])
			var strays []string
			for n := range 25 {
				id := f.w.MakeKey(t, emulator.Key{Description: fmt.Sprintf("by hand %d\r\x1b[2K", n)}) // which hides its line
				strays = append(strays, fmt.Sprintf(`%s ("by hand %d\r\x1b[2K")`, id, n))
			}
			p := f.w.Process(t)
			for of, config := range map[*acctest.Stored]map[string]any{f.key: f.keyConfig(), f.rot: f.rotConfig()} {
				must(t, p.Plan(of, config).Said.Err())
			}
			plan := p.Plan(f.set, with(all, more))
			must(t, plan.Said.Err())
			revoked := detail(plan.Said, "The apply revokes app keys of emulator-user/tenant")
			says(t, revoked, strays...)
			saysNot(t, revoked, f.ids["key"], f.ids["rot"], f.ids["previous"])
			final := with(all, nil)
			if more["user_id"] != nil {
				final["user_id"] = f.w.UserID()
			}
			_, said := f.w.Process(t).Apply(plan, final)
			must(t, said.Err())
			f.w.CheckKeys(t, 3)
		})
	}
}

// detail returns what is said under a heading.
func detail(said acctest.Said, heading string) string {
	for _, d := range said {
		if d.Summary == heading {
			return d.Detail
		}
	}
	return ""
}

// TestAppKeysExclusive_severalApps: a key that gives access to other apps as well is named,
// counts as alive, and is not revoked.
func TestAppKeysExclusive_severalApps(t *testing.T) {
	t.Parallel()
	f := newTenancy(t)
	shared := emulator.Key{ID: emulator.NewSecret(), UserID: f.w.UserID(), AppID: "elsewhere", AlsoIn: []string{"tenant"}, Description: "shared"}
	must(t, f.w.PutKey(shared))
	id := f.w.UserID() + "/tenant/" + clarifai.Secret(shared.ID).Fingerprint()
	all := f.setConfig(f.ids["key"], f.ids["rot"], f.ids["previous"])
	const heading = "App keys of emulator-user/tenant give access to several apps"
	plan := f.w.Process(t).Plan(f.set, all)
	says(t, detail(plan.Said, heading), id+` ("shared"), also for emulator-user/elsewhere`, "Terraform revokes none of them")
	apitest.Equal(t, plan.Action, acctest.NoOp, "the plan")
	stray := f.w.MakeKey(t, emulator.Key{Description: "by hand"})
	plan = f.w.Process(t).Plan(f.set, all)
	says(t, detail(plan.Said, "The apply revokes app keys of emulator-user/tenant"), stray)
	f.set = f.apply(f.set, all)
	apitest.Equal(t, []int{len(f.alive(stray)), len(f.alive(f.ids["key"])), f.w.LiveKeys()}, []int{0, 1, 4}, "strays, keys and all")
	f.set = f.apply(f.set, f.setConfig(id)) // it is the one to keep, so not all are lost
	saysNot(t, f.w.Process(t).Plan(f.set, f.setConfig(id)).Said.String(), heading, "None of the keys to keep")
}
