package exclusive_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKeysExclusive_import takes all living keys for those to keep. What the
// configuration leaves out is shown first, and then revoked.
func TestAccAppKeysExclusive_import(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	one, two := e.hand("one"), e.hand("two")
	both := only(`"tenant"`, `["`+one+`", "`+two+`"]`, "")
	e.write(both, "import {\n  to = clarifai_app_keys_exclusive.e\n  id = \""+e.w.UserID()+"/tenant\"\n}\n")
	says(t, e.plan(), "1 to import, 0 to add, 0 to change")
	e.apply()
	e.isEmpty()
	e.Must("state", "rm", "clarifai_app_keys_exclusive.e")
	e.write(only(`"tenant"`, `["`+one+`"]`, ""))
	e.Must("import", "clarifai_app_keys_exclusive.e", "me/tenant")
	says(t, e.plan(), `- "`+two+`"`)
	e.apply()
	e.alive("one", "two")
	says(t, e.plan(), `- "`+two+`" = "two"`)
	e.apply()
	e.alive("one")
	e.isEmpty()
	raw := e.w.Keys(e.w.UserID(), "tenant")[0].ID
	for id, want := range map[string]string{
		e.w.UserID() + "/nowhere": `has no app "nowhere"`, "tenant": "user_id/app_id", e.w.UserID() + "/tenant/" + raw: "user_id/app_id", raw: "user_id/app_id",
	} {
		e.write(strings.ReplaceAll(both, `"e"`, `"f"`))
		r := e.Run("import", "-no-color", "clarifai_app_keys_exclusive.f", id)
		if r.Err == nil {
			t.Error("it is imported")
		}
		said := clitest.Unwrapped(r.Stderr) // Terraform prints the ID itself elsewhere
		says(t, said, want)
		saysNot(t, said, raw)
	}
}

func TestAppKeysExclusive_importByIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	byHand(t, w, emulator.Key{Scopes: []string{"Predict"}})
	state, diags := w.ImportByIdentity(t, "clarifai_app_keys_exclusive", map[string]any{"user_id": w.UserID(), "app_id": "tenant"})
	if len(diags) > 0 || state["user_id"] != w.UserID() || state["app_id"] != "tenant" {
		t.Errorf("imported %v: %v", state, diags)
	}
	resp, err := w.Configured(t).ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "clarifai_app_keys_exclusive"})
	if err != nil || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Invalid import ID" {
		t.Errorf("nothing to import by: %v, %v", err, resp)
	}
}
