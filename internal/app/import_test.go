package app_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestApp_import imports in each form: the state is the same. It refuses what is not there.
func TestApp_import(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultWorkflow: "referenced"}})
	w.AddUser("stranger")
	created, p := w.NewEstate(t), w.Process(t)
	must(t, created.Apply(only("tenant", all)))
	want := p.Texts(created.Stored(address))
	for _, id := range []string{w.UserID() + "/tenant", "tenant"} {
		e := w.NewEstate(t)
		must(t, e.Import(address, id))
		got := p.Texts(e.Stored(address))
		if got["metadata"] = want["metadata"]; !maps.Equal(got, want) { // the same in meaning, as the plan shows
			t.Errorf("%s: %v instead of %v", id, got, want)
		}
		apitest.Equal(t, e.Changes(only("tenant", all)), "", "the plan", id)
	}
	for id, text := range map[string]string{
		"nothing":         w.UserID() + ` has no app "nothing"\.`,
		"stranger/tenant": `This PAT has no access to the account "stranger"`,
		"nobody/tenant":   `user_id`, "/tenant": `user_id/app_id`, "a/b/c": `user_id/app_id`,
	} {
		if err := w.NewEstate(t).Import(address, id); err == nil || !regexp.MustCompile(text).MatchString(err.Error()) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// TestApp_importByHand brings apps created by hand under Terraform's care without touching
// them.
func TestApp_importByHand(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID(), Description: "by hand", Visibility: 30,
		Metadata:        map[string]any{"tenant": "acme", "n": 1.5},
		DefaultWorkflow: emulator.Workflow{ID: "General", UserID: "clarifai", AppID: "main"}}))
	for _, more := range []attributes{
		{"metadata": `{"n":1.5,"tenant":"acme"}`},
		{"metadata": `{"n": 15e-1, "tenant": "acme"}`, "visibility": "ORG", "default_workflow": map[string]string{"id": "General"}},
	} {
		e := w.NewEstate(t)
		must(t, e.Import(address, "tenant"))
		apitest.Equal(t, e.Changes(only("tenant", attributes{"description": "by hand"}, more)), "", "the plan", more)
	}
}

// TestImportByIdentity takes the owner from the identity or from the provider.
func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID(), Description: "by hand"}))
	for _, identity := range []map[string]any{{"id": "tenant"}, {"id": "tenant", "user_id": w.UserID()}} {
		state, diags := w.ImportByIdentity(t, "clarifai_app", identity)
		if len(diags) > 0 || state["user_id"] != w.UserID() || state["id"] != "tenant" || state["description"] != "by hand" {
			t.Errorf("%v: %v, %v", identity, state, diags)
		}
	}
	if _, diags := w.ImportByIdentity(t, "clarifai_app", map[string]any{"id": "tenant", "user_id": "nobody"}); len(diags) != 1 ||
		!strings.HasPrefix(diags[0].Detail, "This PAT has no access to the account \"nobody\". Check user_id.") {
		t.Errorf("an app of nobody: %v", diags)
	}
}
