package acctest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Step is one run of Terraform, and what is expected of it.
type Step struct {
	Before func() // what happens outside Terraform
	Want   Resources
	Plan   string // what the plan does, as [Estate.Changes] says it
	Fails  string // a pattern of the error; without one, the run succeeds
	Says   string // a pattern of all that plan and apply say
	Same   string // addresses of keys that stay, separated by spaces
	New    string // addresses of keys that are other ones than before
	After  func()
}

// Follow runs the steps, destroys everything and checks that nothing is left. After each
// run that succeeds, the next plan is empty, and the state has exactly the keys that live
// in its apps.
func (e *Estate) Follow(steps ...Step) {
	e.t.Helper()
	for i, s := range steps {
		e.follow(fmt.Sprint("step ", i+1), s)
	}
	apitest.Must(e.t, e.Destroy())
	if apps, keys := e.w.LiveApps(), e.w.LiveKeys(); apps != e.OtherApps || keys > 0 {
		e.t.Errorf("%d apps and %d keys are left", apps, keys)
	}
	e.w.checkRequests(e.t)
}

func (e *Estate) follow(name string, s Step) {
	e.t.Helper()
	if s.Before != nil {
		s.Before()
	}
	before := e.fingerprints()
	plans, err := e.Plan(s.Want)
	if err == nil {
		if got := changes(plans); got != s.Plan {
			e.t.Errorf("%s: the plan is %q, not %q", name, got, s.Plan)
		}
		for address, plan := range plans {
			if plan.planned != nil {
				e.checkHidden(name, address, s.Want, string(plan.planned.MsgPack)+string(plan.private))
			}
		}
		err = e.ApplyPlans(plans)
	}
	switch {
	case s.Fails == "" && err != nil:
		e.t.Fatalf("%s: %v", name, err)
	case s.Fails != "" && (err == nil || !regexp.MustCompile(s.Fails).MatchString(err.Error())):
		e.t.Errorf("%s: the error does not match %q: %v", name, s.Fails, err)
	case !regexp.MustCompile(s.Says).MatchString(e.Said()):
		e.t.Errorf("%s: it does not match %q: %s", name, s.Says, e.Said())
	}
	after := e.fingerprints()
	for address := range strings.FieldsSeq(s.Same) {
		if before[address] != after[address] {
			e.t.Errorf("%s: %s is another key", name, address)
		}
	}
	for address := range strings.FieldsSeq(s.New) {
		if before[address] == after[address] {
			e.t.Errorf("%s: %s is the same key", name, address)
		}
	}
	if s.Fails == "" {
		e.checkSteady(name, s.Want)
	}
	if s.After != nil {
		s.After()
	}
}

// fingerprints returns the fingerprints of the keys by address.
func (e *Estate) fingerprints() map[string]string {
	p, all := e.w.Process(e.t), map[string]string{}
	for address, s := range e.stored {
		if f := p.Texts(s)["fingerprint"]; f != "" {
			all[strings.TrimPrefix(address, "clarifai_")] = f
		}
	}
	return all
}

// checkSteady checks that the next plan is empty, with and without a refresh, and that
// the keys in the state live in their apps.
func (e *Estate) checkSteady(name string, want Resources) {
	e.t.Helper()
	p := e.w.Process(e.t)
	for address, s := range e.stored {
		if plan := p.PlanOnly(s, resolve(want[address], e.value(p))); plan.Action != NoOp {
			e.t.Errorf("%s: the next plan without a refresh is to %s %s: %s", name, plan.Action, address, plan.Said)
		}
	}
	if changes := e.Changes(want); changes != "" {
		e.t.Errorf("%s: the next plan is to %s", name, changes)
	}
	for address, s := range e.stored {
		e.checkHidden(name, address, want, s.Text())
		texts := p.Texts(s)
		alive := texts["fingerprint"] == ""
		for _, k := range e.w.Keys(texts["user_id"], texts["app_id"]) {
			held := clarifai.Secret(k.ID)
			alive = alive || held.Fingerprint() == texts["fingerprint"] && (texts["key"] == "" || texts["key"] == k.ID)
		}
		if !alive {
			e.t.Errorf("%s: %s is not a living key of its app", name, address)
		}
	}
}

// checkHidden checks that neither plan nor state holds a key that is not to be stored.
func (e *Estate) checkHidden(name, address string, want Resources, text string) {
	e.t.Helper()
	if want[address]["store_key"] == false && holds(text, e.w.Secrets()) {
		e.t.Errorf("%s: a key that is not to be stored is in the plan or the state of %s", name, address)
	}
}
