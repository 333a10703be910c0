package base

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// A query shows a text that anyone may have written: a terminal must not obey it.
func TestDisplayName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "web", "by  hand\n": "web: by hand", "\x1b[2K\u202e": `web: \x1b[2K\u202e`, strings.Repeat("a", 500): "web: " + strings.Repeat("a", displayLength-1) + "…",
	} {
		apitest.Equal(t, DisplayName("web", text), want, "shown", text)
	}
}
