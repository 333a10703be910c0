package acctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// codeBadFormat is the status code of a request with a field that is not in
// Clarifai's published messages.
const codeBadFormat = 11100

// checkRequests checks what holds in every test: only a DELETE, which has no other
// place for it, has a key in its URL, and all requests are in the published API.
func (w *World) checkRequests(t testing.TB) {
	t.Helper()
	secrets := w.Secrets()
	for _, r := range w.Requests() {
		switch {
		case r.Method == "":
			t.Errorf("%s of a path that is not in the API", r.Verb)
		case r.Code == codeBadFormat:
			t.Errorf("%s was refused as malformed", r.Method)
		case r.Verb != http.MethodDelete && holds(r.Path, secrets):
			t.Errorf("%s has a key in its URL", r.Method)
		}
	}
}

// holds reports whether a text contains a secret.
func holds(text string, secrets []string) bool {
	for _, s := range secrets {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// Plans checks the planned action of each resource.
func Plans(actions map[string]plancheck.ResourceActionType) resource.ConfigPlanChecks {
	var c resource.ConfigPlanChecks
	for address, action := range actions {
		c.PreApply = append(c.PreApply, plancheck.ExpectResourceAction(address, action))
	}
	return c
}

// PlansOne checks the planned action of one resource.
func PlansOne(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return Plans(map[string]plancheck.ResourceActionType{address: action})
}

// Hidden checks that no key that ever existed is in a plan or a state, not even as
// a sensitive value. The PAT does not count: the plan contains the provider block.
type Hidden struct{ World *World }

var (
	_ plancheck.PlanCheck   = Hidden{}
	_ statecheck.StateCheck = Hidden{}
)

// CheckPlan checks a plan.
func (h Hidden) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = h.check("plan", req.Plan)
}

// CheckState checks a state.
func (h Hidden) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = h.check("state", req.State)
}

func (h Hidden) check(what string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(b), h.World.PAT(), "")
	if holds(text, h.World.Secrets()) {
		return fmt.Errorf("the %s holds a key", what)
	}
	return nil
}

// Same is a comparer of values that must be equal. A failure does not show them,
// so they may be secrets.
type Same struct{}

// CompareValues returns an error unless all values are equal.
func (Same) CompareValues(values ...any) error {
	for _, v := range values[1:] {
		if v != values[0] {
			return errors.New("the value changed")
		}
	}
	return nil
}

// Changed is a comparer of values that must change. A failure does not show them,
// so they may be secrets.
type Changed struct{}

// CompareValues returns an error unless each value differs from the one before.
func (Changed) CompareValues(values ...any) error {
	for i := 1; i < len(values); i++ {
		if values[i] == values[i-1] {
			return errors.New("the value did not change")
		}
	}
	return nil
}
