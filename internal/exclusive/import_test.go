package exclusive_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeysExclusive_import takes all living keys for those to keep. What the configuration
// leaves out is shown first, and then revoked.
func TestAppKeysExclusive_import(t *testing.T) {
	t.Parallel()
	s := newKeySet(t, emulator.Options{})
	one, two := s.hand("one"), s.hand("two")
	p := s.w.Process(t) // which imports and plans, as for an import block
	imported, said := p.Import(setType, s.w.UserID()+"/tenant")
	must(t, said.Err())
	s.keep(one, two)
	s.expect(p.PlanOnly(imported, s.config), acctest.NoOp)
	s.stored, said = s.w.Process(t).Import(setType, "me/tenant")
	must(t, said.Err())
	s.keep(one)
	plan := s.plan()
	s.expect(plan, acctest.Update)
	s.apply(plan)
	s.alive("one", "two")
	s.expect(s.plan(), acctest.Update, two)
	s.mustApply()
	s.alive("one")
	s.expect(s.plan(), acctest.NoOp)
	raw := s.w.Keys(s.w.UserID(), "tenant")[0].ID
	for id, want := range map[string]string{
		s.w.UserID() + "/nowhere": `has no app "nowhere"`, "tenant": "user_id/app_id", s.w.UserID() + "/tenant/" + raw: "user_id/app_id", raw: "user_id/app_id",
	} {
		_, said := s.w.Process(t).Import(setType, id)
		if err := said.Err(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), raw) {
			t.Errorf("it is imported, or refused without %q, or a key is repeated", want)
		}
	}
	state, diags := s.w.ImportByIdentity(t, setType, map[string]any{"user_id": s.w.UserID(), "app_id": "tenant"})
	if len(diags) > 0 || state["user_id"] != s.w.UserID() || state["app_id"] != "tenant" {
		t.Errorf("imported %v: %v", state, diags)
	}
}
