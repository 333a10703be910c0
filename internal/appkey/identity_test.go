package appkey_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Scopes: []string{"Predict"}})
	raw := w.Keys(w.UserID(), "tenant")[0].ID
	as := func(fingerprint string) map[string]any {
		return map[string]any{"user_id": w.UserID(), "app_id": "tenant", "fingerprint": fingerprint}
	}
	state, diags := w.ImportByIdentity(t, "clarifai_app_key", as(fingerprint(raw)))
	if len(diags) > 0 || state["id"] != id || state["key"] != raw {
		t.Errorf("imported %q instead of %q: %v", state["id"], id, diags)
	}
	for _, kind := range []string{"clarifai_app", "clarifai_app_key"} { // terraform import ADDRESS ""
		resp, err := w.Configured(t).ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: kind})
		if err != nil || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Invalid import ID" {
			t.Errorf("%s: nothing to import by: %v, %v", kind, err, resp)
		}
	}
	_, diags = w.ImportByIdentity(t, "clarifai_app_key", as(raw))
	if len(diags) != 1 {
		t.Fatal("a key in place of its fingerprint is taken")
	}
	if text := diags[0].Summary + diags[0].Detail; !strings.Contains(text, "16 hex digits") || strings.Contains(text, raw) {
		t.Error("the refusal does not say what is wanted, or repeats the key")
	}
}
