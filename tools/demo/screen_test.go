package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	write := func(s screen) {
		s.row(row{mark: "✓", look: green, name: "plan", took: 400 * time.Millisecond, requests: 12, text: "no change"})
		s.row(row{mark: "→", look: yellow, name: "use key", took: 12 * time.Second, requests: 1, text: "accepted"})
		s.show(drift{
			"a.x": {deleted: true},
			"a.y": {attributes: []attribute{{name: "scopes", added: []string{"All"}, removed: []string{"Apps:Get"}}, {name: "text", before: `"a"`, after: `"b"`}}},
		}, changes{"a.x": "create"})
		s.totals(time.Minute, 30, "0 apps and 0 keys left")
	}

	var plain bytes.Buffer
	write(screen{out: &plain})
	want := `plan       0.4 s   12 requests  no change
use key   12.0 s    1 request   accepted
           - a.x deleted outside Terraform: create
           ~ a.y changed outside Terraform: nothing
               ~ scopes + All - Apps:Get
               ~ text "a" -> "b"
total     60.0 s   30 requests  0 apps and 0 keys left
at least   2.0 s   30 requests  at Clarifai's limit of 15 requests a second
`
	if got := plain.String(); got != want {
		t.Errorf("plain text:\n%s\nwant:\n%s", got, want)
	}

	var colored bytes.Buffer
	write(screen{out: &colored, color: true})
	for _, text := range []string{"\x1b[32m✓ \x1b[0m", "\x1b[33m~\x1b[0m scopes \x1b[32m+ All\x1b[0m \x1b[31m- Apps:Get\x1b[0m", `"a" → "b"`} {
		if !strings.Contains(colored.String(), text) {
			t.Errorf("on a terminal, %q is missing:\n%q", text, &colored)
		}
	}
	// The columns of the table begin at the same places.
	column := -1
	for line := range strings.Lines(withoutColor(colored.String())) {
		if at := strings.Index(line, " request"); at >= 0 {
			at = len([]rune(line[:at]))
			if column >= 0 && at != column {
				t.Errorf("requests are at %d, not at %d: %q", at, column, line)
			}
			column = at
		}
	}
}

func TestWantsColor(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	file, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	device, err := os.Open(os.DevNull) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if wantsColor(file, none) {
		t.Error("colours in a file")
	}
	if !wantsColor(device, none) {
		t.Error("no colours on a terminal")
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
			t.Errorf("colours in spite of %s", setting)
		}
	}
}
