package exclusive_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const (
	setType      = "clarifai_app_keys_exclusive"
	keyType      = "clarifai_app_key"
	rotatingType = "clarifai_rotating_app_key"
	day          = 24 * time.Hour
)

// tenancy is the state of an app with a key, a rotating key in its overlap and a set of
// exclusive keys that has them all.
type tenancy struct {
	t             *testing.T
	w             *acctest.World
	clock         *apitest.Clock
	key, rot, set *acctest.Stored
	ids           map[string]string // of the keys: key, rot, and previous
}

func newTenancy(t *testing.T) *tenancy {
	t.Helper()
	clock := apitest.NewClock()
	w := acctest.Start(t, emulator.Options{Now: clock.Now})
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	w.AddOrganization("acme", w.UserID())
	w.MakeApps(t, "tenant", "elsewhere")
	f := &tenancy{t: t, w: w, clock: clock, key: &acctest.Stored{Type: keyType}, rot: &acctest.Stored{Type: rotatingType}, set: &acctest.Stored{Type: setType}}
	f.key = f.apply(f.key, f.keyConfig())
	f.rot = f.apply(f.rot, f.rotConfig())
	first := w.Process(t).Texts(f.rot)["id"]
	f.set = f.apply(f.set, f.setConfig(first, w.Process(t).Texts(f.key)["id"]))
	clock.Advance(90 * day)
	f.rot = f.apply(f.rot, f.rotConfig())
	p := w.Process(t)
	f.ids = map[string]string{"key": p.Texts(f.key)["id"], "rot": p.Texts(f.rot)["id"], "previous": first}
	f.set = f.apply(f.set, f.setConfig(slices.Collect(maps.Values(f.ids))...))
	return f
}

func (f *tenancy) apply(s *acctest.Stored, config map[string]any) *acctest.Stored {
	f.t.Helper()
	plan := f.w.Process(f.t).Plan(s, config)
	must(f.t, plan.Said.Err())
	got, said := f.w.Process(f.t).Apply(plan, nil)
	must(f.t, said.Err())
	return got
}

func with(config, more map[string]any) map[string]any {
	config = maps.Clone(config)
	maps.Copy(config, more)
	return config
}

func (f *tenancy) keyConfig() map[string]any {
	return map[string]any{"app_id": "tenant", "description": "plain", "scopes": []string{"Apps:Get", "Inputs:Get"}, "keepers": map[string]string{"round": "1"}}
}

func (f *tenancy) rotConfig() map[string]any {
	return with(f.keyConfig(), map[string]any{"description": "rotating", "rotation_period": "90d", "overlap": "7d"})
}

func (f *tenancy) setConfig(ids ...string) map[string]any {
	return map[string]any{"app_id": "tenant", "key_ids": ids}
}

// turn is what plans one of the two resources that are compared.
type turn func(f *tenancy, p *acctest.Process) acctest.Said

func plans(of func(f *tenancy) *acctest.Stored, config func(f *tenancy) map[string]any) turn {
	return func(f *tenancy, p *acctest.Process) acctest.Said { return p.Plan(of(f), config(f)).Said }
}

func theKey(f *tenancy) *acctest.Stored { return f.key }
func theRot(f *tenancy) *acctest.Stored { return f.rot }
func theSet(f *tenancy) *acctest.Stored { return f.set }

// destroys plans to destroy a resource, after its refresh.
func destroys(of func(f *tenancy) *acctest.Stored) turn {
	return func(f *tenancy, p *acctest.Process) acctest.Said {
		got, said := p.Refresh(of(f))
		return append(said, p.PlanDestroy(got).Said...)
	}
}

func unrefreshed(of func(f *tenancy) *acctest.Stored, config func(f *tenancy) map[string]any) turn {
	return func(f *tenancy, p *acctest.Process) acctest.Said { return p.PlanOnly(of(f), config(f)).Said }
}

func keyWith(more map[string]any) turn {
	return plans(theKey, func(f *tenancy) map[string]any { return with(f.keyConfig(), more) })
}

func rotWith(more map[string]any) turn {
	return plans(theRot, func(f *tenancy) map[string]any { return with(f.rotConfig(), more) })
}

// setOf is the set with these keys, by name; * is an element that is not known yet.
func setOf(names string, more map[string]any) turn { return plans(theSet, setFor(names, more)) }

func setFor(names string, more map[string]any) func(f *tenancy) map[string]any {
	return func(f *tenancy) map[string]any {
		ids := []any{}
		for name := range strings.FieldsSeq(names) {
			if name == "*" {
				ids = append(ids, acctest.Unknown)
			} else {
				ids = append(ids, f.ids[name])
			}
		}
		return with(map[string]any{"app_id": "tenant", "key_ids": ids}, more)
	}
}

func imports(f *tenancy, p *acctest.Process) acctest.Said {
	got, said := p.Import(keyType, f.ids["key"])
	return append(said, p.PlanOnly(got, f.keyConfig()).Said...)
}

func newSet(names string) turn {
	return plans(func(*tenancy) *acctest.Stored { return &acctest.Stored{Type: setType} }, setFor(names, nil))
}

func newKey(f *tenancy, p *acctest.Process) acctest.Said {
	return p.Plan(&acctest.Stored{Type: keyType}, with(f.keyConfig(), map[string]any{"description": "another"})).Said
}

const (
	lacks    = "ERROR: key_ids lacks keys that Terraform manages"
	mayLack  = "WARNING: key_ids of emulator-user/tenant may lack keys that Terraform manages"
	twoSets  = "ERROR: Two sets of exclusive keys for one app"
	soonTwo  = "WARNING: Two sets of exclusive keys for emulator-user/tenant"
	noAdvice = ""
)

// TestAppKeysExclusive_leftOut: a set and a key that it leaves out, or another set, are
// an error of whichever is planned second, where nothing else explains it. A wrong error
// would keep users from every plan.
func TestAppKeysExclusive_leftOut(t *testing.T) {
	t.Parallel()
	f := newTenancy(t)
	moved := map[string]any{"app_id": "elsewhere"}
	for name, c := range map[string]struct {
		one, other turn
		want       string
		names      string // the keys that the message names
	}{
		"all named":                      {keyWith(nil), setOf("key rot previous", nil), noAdvice, ""},
		"a key is left out":              {keyWith(nil), setOf("rot", nil), lacks, "key"},
		"a patched key is left out":      {keyWith(map[string]any{"description": "other"}), setOf("rot", nil), lacks, "key"},
		"a rotating key is left out":     {rotWith(nil), setOf("key", nil), lacks, "rot"},
		"rotating, by id in an overlap":  {rotWith(nil), setOf("rot", nil), noAdvice, ""},
		"rotating, by its previous key":  {rotWith(nil), setOf("previous", nil), noAdvice, ""},
		"it rotates and is left out":     {rotWith(map[string]any{"scopes": []string{"Apps:Get"}}), setOf("key", nil), lacks, "rot"},
		"it rotates, not known yet":      {rotWith(map[string]any{"scopes": []string{"Apps:Get"}}), setOf("key *", nil), noAdvice, ""},
		"an element is not known yet":    {keyWith(nil), setOf("rot *", nil), mayLack, "key"},
		"named beside an unknown one":    {keyWith(nil), setOf("key *", nil), noAdvice, ""},
		"nothing is known yet":           {keyWith(nil), setOf("", map[string]any{"key_ids": acctest.Unknown}), noAdvice, ""},
		"the plan destroys the key":      {destroys(theKey), setOf("rot", nil), noAdvice, ""},
		"the plan destroys the set":      {keyWith(nil), destroys(theSet), noAdvice, ""},
		"the plan destroys both":         {destroys(theKey), destroys(theSet), noAdvice, ""},
		"the key moves":                  {keyWith(moved), setOf("rot", nil), noAdvice, ""},
		"the rotating key moves":         {rotWith(moved), setOf("key", nil), noAdvice, ""},
		"the key may move":               {keyWith(map[string]any{"app_id": acctest.Unknown}), setOf("rot", nil), noAdvice, ""},
		"the set moves":                  {keyWith(nil), setOf("", with(moved, map[string]any{"allow_none": true})), noAdvice, ""},
		"the set may move":               {keyWith(nil), setOf("rot", map[string]any{"app_id": acctest.Unknown}), noAdvice, ""},
		"other scopes replace the key":   {keyWith(map[string]any{"scopes": []string{"Apps:Get"}}), setOf("rot", nil), noAdvice, ""},
		"keepers replace the key":        {keyWith(map[string]any{"keepers": map[string]string{"round": "2"}}), setOf("rot", nil), noAdvice, ""},
		"an owner replaces the set":      {keyWith(nil), setOf("", map[string]any{"user_id": "acme", "key_ids": acctest.Unknown}), noAdvice, ""},
		"an imported key is left out":    {imports, setOf("rot", nil), lacks, "key"},
		"an imported key is named":       {imports, setOf("key rot", nil), noAdvice, ""},
		"a new key":                      {newKey, setOf("key rot", nil), mayLack, ""},
		"a new key, not known yet":       {newKey, setOf("key rot *", nil), noAdvice, ""},
		"a new set":                      {keyWith(nil), newSet("rot"), mayLack, "key"},
		"a new set names it":             {keyWith(nil), newSet("key rot"), noAdvice, ""},
		"a new set and a new key":        {newKey, newSet("key rot previous"), mayLack, ""},
		"without a refresh":              {unrefreshed(theKey, (*tenancy).keyConfig), unrefreshed(theSet, setFor("rot", nil)), noAdvice, ""},
		"the key without a refresh":      {unrefreshed(theKey, (*tenancy).keyConfig), setOf("rot previous key", nil), noAdvice, ""},
		"two sets":                       {setOf("key rot", nil), setOf("key rot previous", nil), twoSets, ""},
		"two sets, one is destroyed":     {destroys(theSet), setOf("key rot", nil), noAdvice, ""},
		"a set, planned twice":           {setOf("key rot", nil), unrefreshed(theSet, setFor("key rot", nil)), noAdvice, ""},
		"two sets, one is new":           {newSet("key rot"), setOf("key rot", nil), soonTwo, ""},
		"two sets, one moves":            {setOf("", with(moved, map[string]any{"allow_none": true})), setOf("key rot", nil), noAdvice, ""},
		"two sets, without a refresh":    {unrefreshed(theSet, setFor("key", nil)), unrefreshed(theSet, setFor("rot", nil)), noAdvice, ""},
		"a new set instead of a set":     {newSet("key rot previous"), destroys(theSet), noAdvice, ""},
		"the key of a set that is going": {keyWith(nil), destroys(theSet), noAdvice, ""},
	} {
		for order, both := range map[string][]turn{"first": {c.one, c.other}, "second": {c.other, c.one}} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				p := f.w.Process(t)
				first, second := about(both[0](f, p)), about(both[1](f, p))
				apitest.Equal(t, first, "", "the first plan says")
				if !strings.HasPrefix(second, c.want) || (c.want == "") != (second == "") {
					t.Errorf("the second plan says:\n%s", second)
				}
				for key, id := range f.ids {
					if named := strings.Contains(second, id); named != (key == c.names) {
						t.Errorf("it names %s: %t\n%s", key, named, second)
					}
				}
			})
		}
	}
}

// about returns what is said of sets and keys that contradict each other.
func about(said acctest.Said) string {
	var all []string
	for _, d := range said {
		if strings.Contains(d.Summary, "that Terraform manages") || strings.Contains(d.Summary, "Two sets") || d.Severity.String() == "ERROR" {
			all = append(all, d.Severity.String()+": "+d.Summary+": "+d.Detail)
		}
	}
	return strings.Join(all, "\n")
}

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

// TestAppKeysExclusive_refused: what key_ids must not be is an error, at plan or at apply if it
// turns out only then, and nothing of it is repeated that could be a key.
func TestAppKeysExclusive_refused(t *testing.T) {
	t.Parallel()
	s := newKeySet(t, emulator.Options{})
	s.w.AddOrganization("acme", s.w.UserID())
	id := s.hand("in use")
	raw := s.w.Keys(s.w.UserID(), "tenant")[0].ID
	fingerprint := clarifai.Secret(raw).Fingerprint()
	const none, form, another = "No key is kept", "not of the form user_id/app_id/fingerprint", "Key of another app"
	for name, c := range map[string]struct {
		ids  []any
		more map[string]any
		want string
	}{
		"empty":                    {[]any{}, nil, none},
		"a key":                    {[]any{raw}, nil, "The given value looks like a key: its fingerprint is " + fingerprint},
		"a key in an ID":           {[]any{strings.Replace(id, fingerprint, raw, 1)}, nil, "The given value looks like a key"},
		"something else":           {[]any{"in use"}, nil, form},
		"null":                     {[]any{nil}, nil, "Invalid app key ID"},
		"of another app":           {[]any{strings.Replace(id, "tenant", "other", 1)}, nil, another},
		"of another account":       {[]any{strings.Replace(id, s.w.UserID(), "somebody", 1)}, nil, another},
		"of another owner":         {[]any{id}, map[string]any{"user_id": "acme"}, another},
		"by description":           {[]any{s.w.UserID() + "/tenant/description=in use"}, nil, form},
		"an import ID":             {[]any{id + ",store_key=true"}, nil, form},
		"an app without a key":     {[]any{}, map[string]any{"user_id": ""}, "must be the ID of a user"},
		"an app that is not there": {[]any{strings.Replace(id, "tenant", "nowhere", 1)}, map[string]any{"app_id": "nowhere"}, `has no app "nowhere"`},
	} {
		config := with(map[string]any{"app_id": "tenant", "key_ids": c.ids}, c.more)
		for _, known := range []any{c.ids, acctest.Unknown} { // at plan
			plan := s.w.Process(t).PlanOnly(&acctest.Stored{Type: setType}, with(config, map[string]any{"key_ids": known}))
			said := plan.Said
			if !said.Failed() {
				_, said = s.w.Process(t).Apply(plan, config)
			}
			if err := said.Err(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), raw) {
				t.Errorf("%s: it does not say %q, or repeats the key", name, c.want)
			}
		}
	}
	s.alive("in use")
}
