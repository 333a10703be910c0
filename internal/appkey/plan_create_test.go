package appkey_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const hasSuchKey = "The app already has such a key"

// TestAccAppKey_forgotten plans a key again that the state has forgotten: the plan
// says which key there is, and the import that it advises keeps it.
func TestAccAppKey_forgotten(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	ws := clitest.InProcess(t, w)
	config := tenant + of("clarifai_app.t.id", "description = \"CANARY\"\nscopes = [\"Inputs:Add\", \"Inputs:Get\"]")
	ws.Write("main.tf", config)
	if r := ws.Must("apply", "-auto-approve", "-no-color"); strings.Contains(r.Output, hasSuchKey) {
		t.Errorf("a first apply warns:\n%s", r.Output)
	}
	ws.Must("state", "rm", "clarifai_app_key.k")
	id := w.UserID() + "/tenant/" + clarifai.Secret(w.Keys(w.UserID(), "tenant")[0].ID).Fingerprint()
	said := clitest.Unwrapped(ws.Must("plan", "-no-color").Output)
	if _, warning, ok := strings.Cut(said, hasSuchKey); !ok || !strings.Contains(warning, "terraform import ADDRESS "+id) || strings.Contains(warning, "CANARY") {
		t.Errorf("the plan does not name %s, or quotes the description:\n%s", id, said)
	}
	for name, other := range map[string]string{"description": "CANARY two", "scopes": "Inputs:Delete"} {
		ws.Write("main.tf", strings.NewReplacer(map[string]string{"description": "CANARY", "scopes": "Inputs:Add"}[name], other).Replace(config))
		if r := ws.Must("plan", "-no-color"); strings.Contains(r.Output, hasSuchKey) {
			t.Errorf("another %s is warned of:\n%s", name, r.Output)
		}
	}
	ws.Write("main.tf", config)
	ws.Must("import", "clarifai_app_key.k", id)
	checkUnchanged(t, w, ws)
}

// TestAccAppKey_notForgotten: the keys of other resources, and those that a
// replacement replaces, are no reason to warn.
func TestAccAppKey_notForgotten(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.InProcess(t, w)
	config := func(count, month string) string {
		return tenant + of("clarifai_app.t.id", "count = "+count+"\nscopes = [\"Predict\"]\nkeepers = { month = \""+month+"\" }")
	}
	ws.Write("main.tf", config("3", "11"))
	ws.Must("apply", "-auto-approve")
	for name, c := range map[string]struct {
		config string
		args   []string
	}{
		"more of them":           {config("4", "11"), nil},
		"replaced by keepers":    {config("3", "12"), nil},
		"replaced":               {config("3", "11"), []string{"-replace=clarifai_app_key.k[0]"}},
		"replaced, no refresh":   {config("3", "12"), []string{"-refresh=false"}},
		"all replaced with them": {config("3", "11"), []string{"-replace=clarifai_app.t"}},
	} {
		ws.Write("main.tf", c.config)
		if r := ws.Must(append([]string{"plan", "-no-color"}, c.args...)...); strings.Contains(r.Output, hasSuchKey) {
			t.Errorf("%s: %s", name, r.Output)
		}
	}
	ws.Write("main.tf", config("4", "11"))
	if r := ws.Must("apply", "-auto-approve", "-no-color"); strings.Contains(r.Output, hasSuchKey) || w.LiveKeys() != 4 {
		t.Errorf("%d keys live:\n%s", w.LiveKeys(), r.Output)
	}
}
