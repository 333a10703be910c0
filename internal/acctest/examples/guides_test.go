package examples

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// block returns the code block of a guide that contains a text.
func block(t *testing.T, guide, text string) string {
	t.Helper()
	for _, part := range strings.Split(read(t, "../../../templates/guides/"+guide), "```terraform\n")[1:] {
		if code, _, _ := strings.Cut(part, "```"); strings.Contains(code, text) {
			return code
		}
	}
	t.Fatalf("the guide has no block with %q", text)
	return ""
}

// TestAccGuide_temporaryKeys applies the guide's check for keys that were left
// behind: it shows an old one, and neither that of a run under way nor others.
func TestAccGuide_temporaryKeys(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	if err := w.PutApp(emulator.App{ID: "acme-production", UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	for description, age := range map[string]time.Duration{
		"Temporary key of a Terraform run, made long ago":    48 * time.Hour,
		"Temporary key of a Terraform run, made a while ago": time.Hour,
		"prediction service": 48 * time.Hour,
		"":                   48 * time.Hour,
	} {
		if err := w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "acme-production", Description: description, Scopes: []string{"Predict"}, CreatedAt: time.Now().Add(-age)}); err != nil {
			t.Fatal(err)
		}
	}
	ws := clitest.New(t, w)
	ws.Write("main.tf", block(t, "secrets.md", "temporary_keys"))
	output := ws.Must("apply", "-auto-approve", "-no-color").Output
	if !strings.Contains(output, "made long ago") || strings.Contains(output, "a while ago") || strings.Contains(output, "prediction service") {
		t.Error(output)
	}
}
