package appkey_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const hasSuchKey = "The app already has such a key"

// TestAppKey_forgotten plans a key again that the state has forgotten: the plan says which
// key there is, and the import that it advises keeps it.
func TestAppKey_forgotten(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	want := func(description string, scopes ...string) acctest.Resources {
		return inTenant(attributes{"description": description, "scopes": scopes})
	}
	planned := func(e *acctest.Estate, r acctest.Resources) string {
		_, err := e.Plan(r)
		must(t, err)
		return e.Said()
	}
	same := want("CANARY", "Inputs:Add", "Inputs:Get")
	forgets, e := w.NewEstate(t), w.NewEstate(t)
	apitest.SaysNot(t, planned(forgets, same), hasSuchKey)
	must(t, forgets.Apply(same))
	must(t, e.Import("clarifai_app.t", w.UserID()+"/tenant"))
	id := w.UserID() + "/tenant/" + fingerprint(w.Keys(w.UserID(), "tenant")[0].ID)
	if _, warning, _ := strings.Cut(planned(e, same), hasSuchKey); !strings.Contains(warning, "terraform import ADDRESS "+id) || strings.Contains(warning, "CANARY") {
		t.Errorf("the plan does not name %s, or quotes the description: %s", id, warning)
	}
	for _, other := range []acctest.Resources{want("CANARY two", "Inputs:Add", "Inputs:Get"), want("CANARY", "Inputs:Delete", "Inputs:Get")} {
		apitest.SaysNot(t, planned(e, other), hasSuchKey)
	}
	must(t, e.Import(address, id))
	e.Follow(acctest.Step{Want: same, Same: "app_key.k"})
	apitest.Equal(t, w.Count("PostKeys"), 1, "keys created")
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
		apitest.SaysNot(t, name+": "+ws.Must(append([]string{"plan", "-no-color"}, c.args...)...).Output, hasSuchKey)
	}
	ws.Write("main.tf", config("4", "11"))
	if r := ws.Must("apply", "-auto-approve", "-no-color"); strings.Contains(r.Output, hasSuchKey) || w.LiveKeys() != 4 {
		t.Errorf("%d keys live:\n%s", w.LiveKeys(), r.Output)
	}
}
