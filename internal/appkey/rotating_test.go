package appkey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestRotatingAppKey_rotation follows a key through a rotation: the old one lives for
// the overlap, and plans between the dates are empty.
func TestRotatingAppKey_rotation(t *testing.T) {
	t.Parallel()
	for name, s := range emulator.Variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, s)
			r.check(1)
			first := r.state()
			r.clock.Advance(90*day - time.Minute)
			r.check(1)
			r.updates(time.Hour, 2)
			second := r.state()
			if second["key"] == first["key"] || second["previous_key"] != first["key"] || second["previous_id"] != first["id"] {
				t.Errorf("the current key was not rotated to the previous one: %v", second["previous_id"])
			}
			if k := r.live()[second["key"]]; k.Description != "d (after "+first["fingerprint"]+")" || second["description"] != "d" {
				t.Errorf("the descriptions are %q and, in the state, %q", k.Description, second["description"])
			}
			r.updates(7*day+time.Hour, 1)
			third := r.state()
			if k := r.live()[third["key"]]; k.Description != "d" || third["previous_id"] != "" || third["previous_expires_at"] != "" || third["previous_key"] != "" {
				t.Errorf("after the overlap, the description is %q: %v", k.Description, third["previous_id"])
			}
			r.destroy()
		})
	}
}

// move moves the resource to another type.
func (r *rotation) move(resourceType string) acctest.Said {
	r.t.Helper()
	moved, said := r.Process(r.t).Move(r.stored, resourceType)
	r.stored = moved
	return said
}

// TestRotatingAppKey_moved turns a plain key into a rotating one and back: the key
// stays, and its age counts.
func TestRotatingAppKey_moved(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{}, attributes{"description": "d"})
	plain := r.config
	key, created := r.state()["key"], r.clock.Now()
	r.clock.Advance(30 * day)
	must(t, r.move(rotatingType).Err())
	r.config = rotationConfig()
	r.expect(acctest.Update)
	state := r.state()
	next, err := time.Parse(time.RFC3339, state["next_rotation_at"])
	if err != nil || next.Sub(created.Add(90*day)).Abs() > time.Minute || state["key"] != key || state["rotated_at"] != state["created_at"] {
		t.Errorf("rotated at %s, next at %s", state["rotated_at"], state["next_rotation_at"])
	}
	r.check(1)
	apitest.Equal(t, r.Count("PostKeys"), 1, "keys created")
	r.updates(60*day, 2)
	previous := r.state()["previous_id"]
	mustSay(t, r.move("clarifai_app_key"), previous)
	apitest.Equal(t, r.stored.Type, rotatingType, "type of a key with a previous one")
	r.clock.Advance(7 * day)
	r.expect(acctest.Update)
	key = r.state()["key"]
	must(t, r.move("clarifai_app_key").Err())
	r.config = plain
	r.expect(acctest.NoOp)
	apitest.Equal(t, r.state()["key"] == key, true, "same key")
	apitest.Equal(t, r.LiveKeys(), 1, "living keys")
	r.destroy()
}

// TestRotatingAppKey_movedOverdue spreads the rotation of a key that is older than the
// period, instead of rotating a whole fleet in the first plan.
func TestRotatingAppKey_movedOverdue(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{}, attributes{"description": "d"})
	r.clock.Advance(200 * day)
	must(t, r.move(rotatingType).Err())
	r.config = rotationConfig(map[string]any{"rotation_spread": "30d"})
	r.expect(acctest.Update)
	next, err := time.Parse(time.RFC3339, r.state()["next_rotation_at"])
	if left := next.Sub(r.clock.Now()); err != nil || left < 0 || left > 30*day || r.LiveKeys() != 1 {
		t.Errorf("the next rotation is in %s, and %d keys live", left, r.LiveKeys())
	}
	r.check(1)
	r.updates(30*day, 2)
	r.destroy()
}

// TestRotatingAppKey_import imports in each form: the first plan only fills in the
// schedule.
func TestRotatingAppKey_import(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		id     func(r *rotation) string
		config map[string]any
		first  acctest.Action
	}{
		"id":          {func(r *rotation) string { return r.state()["id"] }, nil, acctest.Update},
		"description": {func(r *rotation) string { return r.UserID() + "/tenant/description=d" }, nil, acctest.Update},
		"not stored":  {func(r *rotation) string { return r.state()["id"] + ",store_key=false" }, map[string]any{"store_key": false}, acctest.Update},
		"keepers":     {func(r *rotation) string { return r.state()["id"] }, map[string]any{"keepers": map[string]string{"a": "b"}}, acctest.Update},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, emulator.Switches{})
			r.clock.Advance(40 * day)
			before := r.state()
			imported, said := r.Process(t).Import(rotatingType, c.id(r))
			must(t, said.Err())
			r.stored, r.config = imported, rotationConfig(c.config)
			apitest.Equal(t, r.state()["rotated_at"], r.state()["created_at"], "rotated_at")
			apitest.Equal(t, r.state()["next_rotation_at"], "", "next_rotation_at")
			r.expect(c.first)
			got := r.state()
			if got["id"] != before["id"] || got["next_rotation_at"] != before["next_rotation_at"] || r.LiveKeys() != 1 || r.Count("PostKeys") != 1 {
				t.Errorf("the key %s rotates at %s, not %s at %s", got["id"], got["next_rotation_at"], before["id"], before["next_rotation_at"])
			}
			if c.config["store_key"] == false {
				apitest.Equal(t, got["key"], "", "key")
			} else {
				r.check(1)
			}
			r.clock.Advance(50 * day)
			r.expect(acctest.Update)
			apitest.Equal(t, r.LiveKeys(), 2, "living keys")
			r.destroy()
		})
	}
}

// TestRotatingAppKey_importInOverlap imports by a description that two keys have: the
// newest wins. The other one has no date, and is not known.
func TestRotatingAppKey_importInOverlap(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{ListingOrder: "reverse"})
	p := r.Process(t)
	imported, said := p.Import(rotatingType, r.UserID()+"/tenant/description=d")
	if said.Failed() || p.Texts(imported)["key"] != r.state()["key"] || p.Texts(imported)["description"] != "d" {
		t.Errorf("another key was imported: %s", said)
	}
	mustSay(t, said, r.state()["previous_id"])
	must(t, r.PutKey(emulator.Key{UserID: r.UserID(), AppID: "tenant", Description: "d", Scopes: []string{"Predict"}}))
	_, said = r.Process(t).Import(rotatingType, r.UserID()+"/tenant/description=d")
	mustSay(t, said, "Several keys")
}

// TestRotatingAppKey_invalid names the attribute and what to set.
func TestRotatingAppKey_invalid(t *testing.T) {
	t.Parallel()
	w, _ := noWaiting(t, emulator.Options{})
	for name, c := range map[string]struct {
		config    map[string]any
		attribute string
		words     string
	}{
		"no duration":          {map[string]any{"rotation_period": "three months"}, "rotation_period", `Set it to a number of days, such as "90d"`},
		"weeks":                {map[string]any{"rotation_period": "12w"}, "rotation_period", "90d"},
		"a negative period":    {map[string]any{"rotation_period": "-24h"}, "rotation_period", "not positive"},
		"a signed rest":        {map[string]any{"rotation_period": "90d-1h"}, "rotation_period", "number of days"},
		"no period":            {map[string]any{"rotation_period": "0d"}, "rotation_period", "not positive"},
		"no overlap":           {map[string]any{"overlap": "0s"}, "overlap", "not positive"},
		"a negative spread":    {map[string]any{"rotation_spread": "-1h"}, "rotation_spread", "not positive"},
		"overlap as period":    {map[string]any{"overlap": "90d"}, "overlap", "Set overlap to less"},
		"overlap by default":   {map[string]any{"overlap": nil, "rotation_period": "24h"}, "overlap", "24h (the default)"},
		"spread and overlap":   {map[string]any{"overlap": "60d", "rotation_spread": "30d"}, "rotation_spread", "Set rotation_spread to less"},
		"an enormous overlap":  {map[string]any{"overlap": "99999d", "rotation_spread": "99999d"}, "overlap", "shorter than rotation_period"},
		"a mark":               {map[string]any{"description": "d (after 0123456789abcdef)"}, "description", "Choose another"},
		"neither scopes nor..": {map[string]any{"scopes": nil}, "scopes", "scopes"},
	} {
		p := w.Process(t)
		plan := p.PlanOnly(&acctest.Stored{Type: rotatingType}, rotationConfig(c.config))
		named := slices.ContainsFunc(plan.Said, func(d *tfprotov6.Diagnostic) bool { return strings.Contains(d.Attribute.String(), c.attribute) })
		if !plan.Said.Failed() || !strings.Contains(plan.Said.String(), c.words) || !named {
			t.Errorf("%s: %s", name, plan.Said)
		}
	}
	for _, ok := range []map[string]any{
		{"rotation_period": "36h", "overlap": "12h"}, {"rotation_period": "1d12h", "overlap": "1d"}, {"rotation_spread": "0s"}, {"rotation_spread": "0d", "overlap": nil},
	} {
		if plan := w.Process(t).PlanOnly(&acctest.Stored{Type: rotatingType}, rotationConfig(ok)); plan.Said.Failed() {
			t.Errorf("%v: %s", ok, plan.Said)
		}
	}
}

// TestRotatingAppKey_lookups finds the current key of an overlap by its description,
// and both by their IDs.
func TestRotatingAppKey_lookups(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{}, map[string]any{"store_key": false})
	server := r.Configured(t)
	state := r.state()
	var id, description string
	found, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", map[string]any{"app_id": "tenant", "description": "d"})
	if failure != "" || found["id"].As(&id) != nil || found["description"].As(&description) != nil || id != state["id"] || description != "d" {
		t.Errorf("found %s, described as %q: %s", id, description, failure)
	}
	for _, id := range []string{state["id"], state["previous_id"]} {
		value := open(t, server, "clarifai_app_key", map[string]any{"id": id}).Result["key"]
		if !strings.HasSuffix(id, fingerprint(value)) {
			t.Errorf("the value of %s is of another key", id)
		}
	}
}

const rotating = rotatingType + ".k"

// rotatingIn is an app and a rotating key in it.
func rotatingIn(app, more string) string {
	return fmt.Sprintf(`
resource "clarifai_app" "t" {
  id = %q
}

resource "clarifai_rotating_app_key" "k" {
  app_id          = clarifai_app.t.id
  description     = "d"
  scopes          = ["Predict"]
  rotation_period = "90d"
  overlap         = "7d"
  %s
}
`, app, more)
}

// TestAccRotatingAppKey_commands runs what only the command line has, against the
// provider's own program: keepers rotate, -target and -replace work, and moved blocks
// turn the resource into a plain key and back.
func TestAccRotatingAppKey_commands(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	rotate := func(value string, args ...string) {
		t.Helper()
		ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "`+value+`" }`))
		ws.Must(append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
	}
	live := func(when string, want int) {
		t.Helper()
		apitest.Equal(t, w.LiveKeys(), want, "living keys after", when)
		if r := ws.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
			t.Errorf("after %s, the next plan is not empty:\n%s", when, r.Output)
		}
	}
	rotate("1")
	live("the first apply", 1)
	rotate("2", "-target="+rotating)
	live("a rotation", 2)
	rotate("2", "-replace="+rotating)
	live("a replacement", 1)
	rotate("3", "-refresh=false")
	live("a rotation without a refresh", 2)
	rotate("3", "-replace=clarifai_app.t")
	live("a replacement of the app", 1)
	if !ws.Release.Has("1.8.0", "1.10.0") {
		return
	}
	plain := tenant + of("clarifai_app.t.id", "description = \"d\"\nscopes = [\"Predict\"]\nkeepers = { rotate = \"3\" }") +
		"moved {\n  from = clarifai_rotating_app_key.k\n  to   = clarifai_app_key.k\n}\n"
	key := w.Keys(w.UserID(), "tenant")[0].ID
	ws.Write("main.tf", plain)
	ws.Must("apply", "-auto-approve", "-no-color")
	live("the move to a plain key", 1)
	back := "moved {\n  from = clarifai_app_key.k\n  to   = clarifai_rotating_app_key.k\n}\n"
	ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "3" }`)+back)
	ws.Must("apply", "-auto-approve", "-no-color")
	live("the move back", 1)
	apitest.Equal(t, fingerprint(w.Keys(w.UserID(), "tenant")[0].ID), fingerprint(key), "the key after both moves")
	ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "4" }`))
	ws.Must("apply", "-auto-approve", "-no-color")
	ws.Write("main.tf", strings.ReplaceAll(plain, `"3"`, `"4"`))
	if r := ws.Run("plan", "-no-color"); r.Err == nil || !strings.Contains(clitest.Unwrapped(r.Output), "Cannot move rotating app key") {
		t.Errorf("a key with a previous one is moved:\n%s", r.Output)
	}
	ws.Write("main.tf", rotatingIn("tenant", `keepers = { rotate = "4" }`))
	ws.Must("destroy", "-auto-approve")
	must(t, w.NothingLeft(nil))
}
