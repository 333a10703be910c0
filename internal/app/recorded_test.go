package app_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorded"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// TestAccApp_recordedState plans over a state that an earlier version of the
// provider wrote after the answer to a rename was lost. Private state holds the
// new ID; without it, the app is taken for deleted.
func TestAccApp_recordedState(t *testing.T) {
	t.Parallel()
	recording := recorded.Read(t, "testdata/recorded")
	bare := recording.WithoutPrivate(t)
	for id, want := range map[string]string{
		"after":  "No changes.",
		"before": "Plan: 0 to add, 1 to change, 0 to destroy.",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			config := "resource \"clarifai_app\" \"t\" {\n  id = \"" + id + "\"\n}\n"
			apitest.Says(t, recording.Plan(t, emulator.Options{}, config), want)
			const created = "Plan: 1 to add, 0 to change, 0 to destroy."
			apitest.Says(t, bare.Plan(t, emulator.Options{}, config), created)
		})
	}
}
