package scope_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// TestScopesDataSource shows the catalog, and how much of it a PAT holds.
func TestScopesDataSource(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	state := acctest.Read(t, w.Configured(t), "clarifai_scopes", nil)
	var user string
	var scopes []tftypes.Value
	if err := errors.Join(state["user_id"].As(&user), state["scopes"].As(&scopes)); err != nil || user != w.UserID() {
		t.Errorf("of %q: %v", user, err)
	}
	if n := len(acctest.Strings(t, state["granted"])); n != len(scope.All()) || len(scopes) != n {
		t.Errorf("%d scopes, of which %d are granted", len(scopes), n)
	}
	got := map[string]string{} // offered, deprecated, and for app keys
	for i, name := range acctest.Listed(t, state["scopes"], "name") {
		fields := map[string]tftypes.Value{}
		var offered, deprecated, appKeys bool
		must(t, errors.Join(scopes[i].As(&fields), fields["offered"].As(&offered), fields["deprecated"].As(&deprecated), fields["app_keys"].As(&appKeys)))
		got[name] = fmt.Sprint(offered, deprecated, appKeys, acctest.Strings(t, fields["depends_on"]))
	}
	for name, want := range map[string]string{
		"All": "true false true []", "Inputs:Get": "true false true []", "Apps:Add": "true false false [Apps:Get]", "Concepts:Delete": "false false false ",
		"Inputs:Patch": "true true false ", "Inputs:Delete": "true false true [Inputs:Add Inputs:Get]",
	} {
		if !strings.HasPrefix(got[name], want) {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
	w.Settings = map[string]any{"user_id": "nobody"}
	if _, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_scopes", nil); !strings.Contains(failure, "Cannot read scopes of the PAT") || !strings.Contains(failure, `no access to the account "nobody"`) {
		t.Error(failure)
	}
}

// TestScopesDataSource_variants reads what a PAT holds, with one request, however
// Clarifai shows it.
func TestScopesDataSource_variants(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Helper()
		for want, pat := range map[string]string{
			"":                  w.AddPAT(w.UserID()),
			"Apps:Get Keys:Get": w.AddPAT(w.UserID(), "Keys:Get", "Apps:Get"),
		} {
			before := len(w.Requests())
			state := acctest.Read(t, w.ConfiguredAs(t, pat), "clarifai_scopes", nil)
			apitest.Equal(t, strings.Join(acctest.Strings(t, state["granted"]), " "), want, "granted")
			apitest.Equal(t, len(w.Requests())-before, 1, "requests")
		}
	})
}
