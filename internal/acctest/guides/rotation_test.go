package guides

import (
	"regexp"
	"strings"
	"testing"
)

// A key rotates by keepers, another on a schedule, which the first joins without
// being replaced.
func TestAccGuide_rotation(t *testing.T) {
	t.Parallel()
	w, ws := start(t)
	ws.Release.SkipBelow(t, "1.8.0", "1.10.0")
	ws.Write("app.tf", "resource \"clarifai_app\" \"acme\" {\n  id = \"acme-production\"\n}\n")
	living := func() int { return len(w.Keys(w.UserID(), "acme-production")) }

	g := open(t, "rotation.md")
	g.pass("What consumers see", "text")
	const keepers = "On an occasion: keepers"
	g.write(ws, keepers)
	ws.Must("apply", "-auto-approve")
	before := w.Keys(w.UserID(), "")[0].ID
	ws.Write("keepers.tf", strings.Replace(string(ws.Read("keepers.tf")), "2026-01", "2026-02", 1))
	ws.Must("apply", "-auto-approve")
	if keys := w.Keys(w.UserID(), ""); len(keys) != 1 || keys[0].ID == before {
		t.Error("changed keepers did not replace the key")
	}
	g.pass("On a schedule: time_rotating", "terraform") // it needs the other provider

	const overlap = "With an overlap: clarifai_rotating_app_key"
	g.write(ws, overlap)
	ws.Must("apply", "-auto-approve")
	moved := w.Keys(w.UserID(), "")[0].ID
	ws.Write("keepers.tf", "")
	g.replace("2026-01", "2026-02")
	g.write(ws, overlap)
	if r := ws.Must("apply", "-auto-approve"); !strings.Contains(r.Output, "0 added, 1 changed, 0 destroyed") && !strings.Contains(r.Output, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("the move does more than update the state:\n%s", r.Output)
	}
	if keys := w.Keys(w.UserID(), ""); len(keys) != 2 || keys[0].ID != moved {
		t.Error("the moved key was replaced")
	}

	nightly := g.take("Run it on a schedule", "shell")
	night := func(want int) {
		t.Helper()
		if output, code := g.bash(ws, nightly); code != 0 || living() != want {
			t.Fatalf("exit code %d, %d keys instead of %d:\n%s", code, living(), want, output)
		}
	}
	night(2)
	past := func(attribute string) {
		t.Helper()
		date := regexp.MustCompile(`"` + attribute + `": "[^"]+"`)
		state := string(ws.Read("terraform.tfstate"))
		if len(date.FindAllString(state, -1)) != 2 {
			t.Fatalf("no %s of two keys in the state", attribute)
		}
		ws.Write("terraform.tfstate", date.ReplaceAllString(state, `"`+attribute+`": "2026-01-01T00:00:00Z"`))
	}
	past("next_rotation_at")
	night(4)
	night(4)
	past("previous_expires_at")
	night(2)
	night(2)
	ws.Must("destroy", "-auto-approve")
	if err := w.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}
