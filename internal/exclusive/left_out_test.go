package exclusive_test

import (
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
