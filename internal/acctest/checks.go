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

// codeBadFormat is what the emulator answers to a field that Clarifai's
// published messages do not have.
const codeBadFormat = 11100

// checkRequests holds what every test has to keep: no key in a URL but that of
// a DELETE, which has no other place for it, and only requests that the
// published API has.
func (w *World) checkRequests(t testing.TB) {
	t.Helper()
	secrets := w.Secrets()
	for _, r := range w.Requests() {
		switch {
		case r.Method == "":
			t.Errorf("%s of a path that no method has", r.Verb)
		case r.Code == codeBadFormat:
			t.Errorf("%s was refused for its form", r.Method)
		case r.Verb != http.MethodDelete && holds(r.Path, secrets):
			t.Errorf("%s has a key in its URL", r.Method)
		}
	}
}

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

// Hidden checks that no key ever made stands in a plan or a state, not even as
// a sensitive value. The PAT is not looked for: the plan holds the provider
// block.
type Hidden struct{ World *World }

var (
	_ plancheck.PlanCheck   = Hidden{}
	_ statecheck.StateCheck = Hidden{}
)

// CheckPlan looks through the plan.
func (h Hidden) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = h.look("plan", req.Plan)
}

// CheckState looks through the state.
func (h Hidden) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = h.look("state", req.State)
}

func (h Hidden) look(what string, v any) error {
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

// Same compares values, secrets too, without showing them in a failure.
type Same struct{}

// CompareValues wants all to be equal.
func (Same) CompareValues(values ...any) error {
	for _, v := range values[1:] {
		if v != values[0] {
			return errors.New("the value changed")
		}
	}
	return nil
}

// Changed compares values, secrets too, without showing them in a failure.
type Changed struct{}

// CompareValues wants each to differ from the one before.
func (Changed) CompareValues(values ...any) error {
	for i := 1; i < len(values); i++ {
		if values[i] == values[i-1] {
			return errors.New("the value did not change")
		}
	}
	return nil
}
