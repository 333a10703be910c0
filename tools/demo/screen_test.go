package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	var plain, colored bytes.Buffer
	for out, color := range map[*bytes.Buffer]bool{&plain: false, &colored: true} {
		s := &screen{out: out, color: color}
		s.row(row{mark: in(green, "✓ "), name: "plan", took: 400 * time.Millisecond, requests: 12, text: "no change"})
		s.row(row{mark: in(yellow, "→ "), name: "use key", took: 12 * time.Second, requests: 1, text: "accepted"})
		s.totals(time.Minute, emulator.Stats{Requests: 30})
		if len(s.lines) != 9 || !strings.Contains(s.lines[0], "\x1b[32m✓ \x1b[0m") {
			t.Errorf("the screen remembers %q", s.lines)
		}
	}
	want := `✓ plan       0.4 s   12 requests  no change
→ use key   12.0 s    1 request   accepted

  total     60.0 s   30 requests  0 apps and 0 keys left
  at least   2.0 s   30 requests  at Clarifai's limit of 15 requests a second

Next:
`
	if got := plain.String(); !strings.HasPrefix(got, want) || strings.Contains(got, "\x1b") {
		t.Errorf("plain text:\n%s\nwant:\n%s", got, want)
	}
	if got := colored.String(); withoutColor(got) != plain.String() || !strings.Contains(got, "\x1b[33m→ \x1b[0m") {
		t.Errorf("on a terminal:\n%q", got)
	}
}

func TestWantsColor(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	file, err := os.Create(t.TempDir() + "/file")
	apitest.Must(t, err)
	defer file.Close()
	device, err := os.Open(os.DevNull) // a character device, as a terminal is
	apitest.Must(t, err)
	defer device.Close()
	if wantsColor(file, none) {
		t.Error("colors in a file")
	}
	if !wantsColor(device, none) {
		t.Error("no colors on a terminal")
	}
	for _, setting := range []string{"NO_COLOR=1", "TERM=dumb"} {
		name, value, _ := strings.Cut(setting, "=")
		getenv := func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		}
		if wantsColor(device, getenv) {
			t.Errorf("colors in spite of %s", setting)
		}
	}
}
