package appkey_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// TestRotatingFastPath lets the fast path and the framework answer for the same keys:
// they say the same, and the fast path answers for those that nothing is due for.
func TestRotatingFastPath(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(r *rotation)
		fast   bool
	}{
		"not due":               {fast: true},
		"in an overlap":         {before: rotateNow, fast: true},
		"due":                   {before: wait(90 * day)},
		"retirement due":        {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }},
		"keepers twice":         {before: keepersTwice},
		"expired":               {before: func(r *rotation) { r.editKey(func(k *emulator.Key) { k.ExpiresAt = r.clock.Now() }) }},
		"changed":               {before: func(r *rotation) { r.editKey(func(k *emulator.Key) { k.Description = "e" }) }},
		"gone":                  {before: func(r *rotation) { rotateNow(r); must(r.t, r.DeleteKey(r.state()["key"])) }},
		"renamed":               {before: func(r *rotation) { must(r.t, r.RenameApp(r.UserID(), "tenant", "elsewhere")) }},
		"due, and noted so":     {before: func(r *rotation) { r.clock.Advance(90 * day); r.stored, _ = r.Process(r.t).Refresh(r.stored) }},
		"with a successor":      {before: killed},
		"imported, not yet due": {before: func(r *rotation) { r.stored, _ = r.Process(r.t).Import(rotatingType, r.state()["id"]) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, emulator.Switches{})
			if c.before != nil {
				c.before(r)
			}
			slow := acctest.NewProcess(t, r.Configure(t, providerserver.NewProtocol6(r.Provider())()))
			client, err := clarifai.New(clarifai.Config{BaseURL: r.URL, PAT: r.PAT(), RequestsPerSecond: 1e6, Clock: r.clock})
			must(t, err)
			data := base.New(inventory.New(client, inventory.Config{UserID: r.UserID(), CutMark: key.CutSuccessorMark}), r.UserID(), nil)
			inner, _ := providerserver.NewProtocol6(r.Provider())().(guard.Server)
			counting := &acctest.Counting{Server: inner}
			fast := acctest.NewProcess(t, r.Configure(t, fastpath.New(counting, "clarifai", appkey.RotatingFastPath(func() *base.Data { return data }))))
			want, _ := slow.Refresh(r.stored)
			got, _ := fast.Refresh(r.stored)
			if !slow.HoldsSame(want, got) {
				t.Error("the reads differ")
			}
			if p, q := slow.PlanOnly(want, r.config), fast.PlanOnly(want, r.config); p.Action != q.Action || p.Said.String() != q.Said.String() {
				t.Errorf("the plans are %s and %s", p.Action, q.Action)
			}
			counting.Check(t, c.fast, c.fast)
		})
	}
}

func keepersTwice(r *rotation) {
	for _, value := range []string{"1", "2"} {
		r.config = rotationConfig(map[string]any{"keepers": map[string]string{"month": value}})
		r.expect(acctest.Update)
	}
}

// TestRotatingAppKey_cost: a plan of a rotating key that is not due allocates little more than
// one of a plain key, for what it has beyond that. The benchmark measures the time.
func TestRotatingAppKey_cost(t *testing.T) {
	plain := nightlyAllocs(t, map[string]any{}, "clarifai_app_key")
	rotates := nightlyAllocs(t, map[string]any{"rotation_period": "90d", "overlap": "7d"}, rotatingType)
	if rotates > plain+50 {
		t.Errorf("%.0f allocations for a rotating key, %.0f for a plain one: %.0f more", rotates, plain, rotates-plain)
	}
}

// nightlyAllocs returns how many allocations a plan takes of an unchanged key.
func nightlyAllocs(t *testing.T, config map[string]any, resourceType string) float64 {
	t.Helper()
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "tenant")
	config["app_id"], config["scopes"] = "tenant", []string{"Apps:Get", "Inputs:Get", "Models:Get"}
	p := w.Process(t)
	var calls []func() bool
	for i := range 20 {
		config["description"] = fmt.Sprint("key ", i)
		stored, said := p.Apply(p.PlanOnly(&acctest.Stored{Type: resourceType}, config), nil)
		must(t, said.Err())
		calls = append(calls, w.Process(t).Nightly(stored, config))
	}
	each := func() {
		for _, call := range calls {
			if !call() {
				t.Fatal("the plan is not empty")
			}
		}
	}
	return testing.AllocsPerRun(5, each) / float64(len(calls)) // after one run, which reads
}
