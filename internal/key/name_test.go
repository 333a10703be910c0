package key

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Anyone can write anything into a description.
func TestShownDescription(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"by hand": "by hand", "": "", "two\nlines": `two\nlines`, "bad \xff": `bad \xff`, "\x1b[1A\u202e": `\x1b[1A\u202e`,
		strings.Repeat("é ", 60):               strings.Repeat("é ", 50) + "…",
		"was " + strings.Repeat("0a1b2c3d", 4): "",
	} {
		got := ShownDescription(nil, clarifai.Key{Description: text})
		if want == "" && text != "" {
			apitest.SaysNot(t, got, "0a1b2c3d")
		} else if got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

// A description cannot end its own quotation, whatever a state holds, nor does the name of
// an app reach a terminal as it is.
func TestDescribed(t *testing.T) {
	t.Parallel()
	apitest.Equal(t, Described("u/a/f", "x\"), u/a/g (\"y\x1b[8m\r"), `u/a/f ("x\"), u/a/g (\"y\x1b[8m\r")`, "described")
	apitest.Equal(t, Described("u/a\x1b[2K/f", ""), `u/a\x1b[2K/f ("")`, "of an app")

	var said diag.Diagnostics
	also := []clarifai.AppRef{{UserID: "u", AppID: "b\x1b[2K"}}
	WarnShared(&said, nil, "u/a", []clarifai.Key{{UserID: "u", AppID: "a", Fingerprint: "f", AlsoIn: also}})
	apitest.Says(t, said[0].Detail(), `  u/a/f (""), also for u/b\x1b[2K`)
}
