package clarifai

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "",
		"Zürich 日本 👩‍🚀 \"a\" \\n": "Zürich 日本 👩‍🚀 \"a\" \\n",
		"a\nb\r\tc":               `a\nb\r\tc`,
		"\x1b[2K\x1b[1Agone\x00":  `\x1b[2K\x1b[1Agone\x00`,
		"\u009b31m":               `\u009b31m`,
		"a\u202eb\u2066c\u200fd":  `a\u202eb\u2066c\u200fd`,
		"a\u2028b\x7f":            `a\u2028b\x7f`,
		"a\xffb":                  `a\xffb`,
		"a\ufffdb":                "a\ufffdb",
	} {
		apitest.Equal(t, Escape(text), want, text)
	}
}

// TestError_boundsDetails: details of megabytes are cut, without showing half a key.
func TestError_boundsDetails(t *testing.T) {
	t.Parallel()
	secret := apitest.NewSecret()
	for name, details := range map[string]string{
		"long":            strings.Repeat("é", 3000),
		"longer":          strings.Repeat("word ", 1_000_000),
		"keys":            strings.Repeat(secret+" ", 100_000),
		"control":         strings.Repeat("\x1b[31m", 2000),
		"a key at an end": strings.Repeat(". ", 4*maxForeign/2-8) + secret,
	} {
		quoted, err := json.Marshal(details)
		apitest.Must(t, err)
		c, _ := serve(t, apitest.Reply(400, `{"status":{"code":11102,"description":"Invalid\u001b request","details":`+string(quoted)+`}}`))
		_, err = c.GetApp(t.Context(), "acme", "shop")
		text := []rune(err.Error())
		if len(text) < 1000 || len(text) > maxForeign+200 || !strings.Contains(err.Error(), "… (cut)") || !strings.Contains(err.Error(), `Invalid\x1b request`) {
			t.Errorf("%s: %d characters: %.200s", name, len(text), err)
		}
		if strings.ContainsRune(err.Error(), '\x1b') || strings.Contains(err.Error(), secret[:16]) {
			t.Errorf("%s: not escaped, or half a key", name)
		}
	}
}
