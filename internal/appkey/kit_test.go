package appkey_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

const address = "clarifai_app_key.k"

var must = apitest.Must

const tenant = `
resource "clarifai_app" "t" {
  id = "tenant"
}
`

func of(app, attributes string) string {
	return "resource \"clarifai_app_key\" \"k\" {\n  app_id = " + app + "\n" + attributes + "\n}\n"
}

// attributes are those of a resource.
type attributes = map[string]any

const createBoth = "create app.t, create app_key.k"

var (
	predict = attributes{"scopes": []string{"Predict"}}
	outputs = []string{"/clarifai.api.V2/PostModelOutputs"}
)

// inTenant returns an app and a key of it with these attributes.
func inTenant(all ...attributes) acctest.Resources { return inApp("tenant", all...) }

func inApp(app string, all ...attributes) acctest.Resources {
	key := attributes{"app_id": app}
	for _, a := range all {
		maps.Copy(key, a)
	}
	return acctest.Resources{"clarifai_app.t": {"id": app}, address: key}
}

// edit changes the tenant's only key from outside.
func edit(t *testing.T, w *acctest.World, f func(*emulator.Key)) func() {
	return func() {
		t.Helper()
		must(t, w.EditKey(w.Keys(w.UserID(), "tenant")[0].ID, f))
	}
}

// holdsSecret reports whether a text holds a secret of the account.
func holdsSecret(w *acctest.World, text string) bool {
	return slices.ContainsFunc(w.Secrets(), func(secret string) bool { return strings.Contains(text, secret) })
}

func fingerprint(key string) string { return clarifai.Secret(key).Fingerprint() }

// open opens an ephemeral resource of which nothing is said.
func open(t *testing.T, server tfprotov6.ProviderServer, name string, fields attributes) acctest.Opened {
	t.Helper()
	o, said := acctest.Open(t, server, name, fields)
	if len(said) > 0 {
		t.Fatal(said)
	}
	return o
}

const (
	rotatingType = "clarifai_rotating_app_key"
	day          = 24 * time.Hour
)

// rotation is a rotating key in the app "tenant", and the clock of provider and
// emulator.
type rotation struct {
	*acctest.World
	t      *testing.T
	clock  *apitest.Clock
	config map[string]any
	stored *acctest.Stored
}

// skewedClock is ahead of another by a fixed time.
type skewedClock struct {
	*apitest.Clock
	ahead time.Duration
}

// Now returns the skewed time.
func (c skewedClock) Now() time.Time { return c.Clock.Now().Add(c.ahead) }

// noWaiting makes a world with a clock of its own.
func noWaiting(t testing.TB, o emulator.Options) (*acctest.World, *apitest.Clock) {
	t.Helper()
	clock := apitest.NewClock()
	o.Now = clock.Now
	w := acctest.Start(t, o)
	w.Pause = func() { clock.Advance(o.Switches.CreateLag) }
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	w.TuneInventory(func(cfg *inventory.Config) { cfg.GatherWindow = time.Microsecond })
	return w, clock
}

// rotationConfig is a configuration with some attributes changed; nil removes one.
func rotationConfig(changed ...map[string]any) map[string]any {
	config := map[string]any{
		"app_id": "tenant", "description": "d", "scopes": []string{"Predict"}, "rotation_period": "90d", "overlap": "7d",
	}
	for _, c := range changed {
		maps.Copy(config, c)
	}
	return config
}

// newRotation creates the app, in which there is no key yet.
func newRotation(t *testing.T, s emulator.Switches, resourceType string) *rotation {
	t.Helper()
	w, clock := noWaiting(t, emulator.Options{Switches: s})
	w.MakeApps(t, "tenant")
	return &rotation{World: w, t: t, clock: clock, stored: &acctest.Stored{Type: resourceType}}
}

// startRotation creates the app and the first key.
func startRotation(t *testing.T, s emulator.Switches, changed ...map[string]any) *rotation {
	t.Helper()
	r := newRotation(t, s, rotatingType)
	r.config = rotationConfig(changed...)
	r.mustApply()
	return r
}

// startOverlap is startRotation, in the overlap of the first rotation.
func startOverlap(t *testing.T, s emulator.Switches, changed ...map[string]any) *rotation {
	t.Helper()
	r := startRotation(t, s, changed...)
	rotateNow(r)
	return r
}

// plainKey creates the app and a clarifai_app_key that may predict, with these attributes.
func plainKey(t *testing.T, s emulator.Switches, all ...attributes) *rotation {
	t.Helper()
	r := newRotation(t, s, "clarifai_app_key")
	r.want(append(all, predict)...)
	r.expect(acctest.Create)
	return r
}

// want sets the configuration of a plain key.
func (r *rotation) want(all ...attributes) { r.config = inTenant(all...)[address] }

// until returns expires_at, that long after the clock's beginning, in UTC.
func until(in time.Duration) attributes {
	return attributes{"expires_at": apitest.NewClock().Now().Add(in).Format(time.RFC3339)}
}

// plan plans in a process of its own.
func (r *rotation) plan() *acctest.Plan {
	r.t.Helper()
	return r.Process(r.t).Plan(r.stored, r.config)
}

// apply applies a plan in another process.
func (r *rotation) apply(plan *acctest.Plan) acctest.Said {
	r.t.Helper()
	must(r.t, plan.Said.Err())
	var said acctest.Said
	r.stored, said = r.Process(r.t).Apply(plan, nil)
	return append(plan.Said, said...)
}

// mustApply plans and applies, and returns what was said and done.
func (r *rotation) mustApply() (acctest.Action, acctest.Said) {
	r.t.Helper()
	plan := r.plan()
	said := r.apply(plan)
	must(r.t, said.Err())
	return plan.Action, said
}

// expect applies and checks what is done.
func (r *rotation) expect(want acctest.Action) acctest.Said {
	r.t.Helper()
	got, said := r.mustApply()
	apitest.Equal(r.t, got, want, "the plan")
	return said
}

// updates lets time pass, and checks that an apply then updates the key, and what is alive.
func (r *rotation) updates(after time.Duration, keys int) {
	r.t.Helper()
	r.clock.Advance(after)
	r.expect(acctest.Update)
	r.check(keys)
}

// state returns the strings in the state.
func (r *rotation) state() map[string]string {
	r.t.Helper()
	return r.Process(r.t).Texts(r.stored)
}

// keyIDs returns key_ids.
func (r *rotation) keyIDs() []string {
	r.t.Helper()
	return r.Process(r.t).Strings(r.stored, "key_ids")
}

// live returns the keys of the app by value.
func (r *rotation) live() map[string]emulator.Key {
	keys := map[string]emulator.Key{}
	for _, k := range r.Keys(r.UserID(), "") {
		keys[k.ID] = k
	}
	return keys
}

// check checks that the current key of the state lives, that just the keys in
// key_ids live, how many, and that the next plan is empty.
func (r *rotation) check(keys int) {
	r.t.Helper()
	live, state := r.live(), r.state()
	if _, ok := live[state["key"]]; !ok {
		r.t.Errorf("the current key does not live")
	}
	var ids []string
	for _, k := range live {
		ids = append(ids, r.UserID()+"/"+k.AppID+"/"+clarifai.Secret(k.ID).Fingerprint())
	}
	slices.Sort(ids)
	if known := r.keyIDs(); len(ids) != keys || !slices.Equal(ids, known) {
		r.t.Errorf("%d keys live, not %d: %v; key_ids are %v", len(ids), keys, ids, known)
	}
	if plan := r.plan(); plan.Action != acctest.NoOp {
		r.t.Errorf("the next plan is %s:\n%s", plan.Action, plan.Said)
	}
}

// destroy destroys the key and checks that nothing is left.
func (r *rotation) destroy() {
	r.t.Helper()
	p := r.Process(r.t)
	refreshed, said := p.Refresh(r.stored)
	must(r.t, said.Err())
	if refreshed.Exists() {
		_, said = p.Destroy(refreshed)
		must(r.t, said.Err())
	}
	r.CheckKeys(r.t, 0)
}

// mustSay checks that the warnings and errors contain these texts.
func mustSay(t *testing.T, said acctest.Said, texts ...string) {
	t.Helper()
	apitest.Says(t, said.String(), texts...)
}

// mustNotSay checks that they contain none of these texts.
func mustNotSay(t *testing.T, said acctest.Said, texts ...string) {
	t.Helper()
	apitest.SaysNot(t, said.String(), texts...)
}
