package user_test

import (
	"regexp"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestUserDataSource shows the owner of the PAT, whoever's apps the provider manages.
func TestUserDataSource(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("an-organization", w.UserID())
	w.Settings = map[string]any{"user_id": "an-organization"}
	other := w.AddPAT("somebody") // without scopes, and without a name
	for pat, want := range map[string]map[string]string{
		w.PAT(): {"id": w.UserID(), "first_name": "Erin", "last_name": "Example", "company_name": "Example Inc."}, other: {"id": "somebody"},
	} {
		state := acctest.Read(t, w.ConfiguredAs(t, pat), "clarifai_user", nil)
		for _, name := range []string{"id", "first_name", "last_name", "company_name"} {
			var got *string
			if err := state[name].As(&got); err != nil || want[name] == "" && got != nil || want[name] != "" && (got == nil || *got != want[name]) {
				t.Errorf("%s of %s: %v", name, want["id"], err)
			}
		}
		if text := state["created_at"].String(); want["first_name"] != "" && !regexp.MustCompile(`"20\d\d-.*Z"`).MatchString(text) {
			t.Errorf("created at %s", text)
		}
	}
	w.Settings = nil
	_, failure := acctest.ReadDataSource(t, w.ConfiguredAs(t, emulator.NewSecret()), "clarifai_user", nil)
	if !regexp.MustCompile(`(?s)Cannot read user.*Owner of the PAT.*does not accept the PAT`).MatchString(failure) {
		t.Error(failure)
	}
}
