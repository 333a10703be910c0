package guides

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// gate returns what the gate of the nightly run says of a plan.
func gate(t *testing.T, plan []byte) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "jq", "-r", "-f", filepath.Join("..", "..", "..", "examples", "pipelines", "gate.jq"))
	cmd.Stdin = bytes.NewReader(plan)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("jq: %v: %s", err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

type fields map[string]any

// change is a plan with one change.
func change(kind string, actions []string, before, after, unknown fields) fields {
	return fields{"resource_changes": []fields{{"address": kind + ".x", "mode": "managed", "type": kind,
		"change": fields{"actions": actions, "before": before, "after": after, "after_unknown": unknown}}}}
}

// TestGate: a change passes only if it is a rotation or follows one.
func TestGate(t *testing.T) {
	t.Parallel()
	update := []string{"update"}
	key := fields{"id": "u/a/1", "key": "x", "key_ids": []string{"u/a/1"}, "previous_id": nil, "app_id": "a", "description": "d", "scopes": []string{"Predict"}}
	rotated := fields{"app_id": "a", "description": "d", "scopes": []string{"Predict"}}
	anew := fields{"id": true, "key": true, "key_ids": true, "previous_id": true, "scopes": []bool{false}}
	set := func(others fields) fields {
		return fields{"app_id": "a", "key_ids": []string{"u/a/1"}, "other_keys": others}
	}
	with := func(f, more fields) fields { f = maps.Clone(f); maps.Copy(f, more); return f }
	const rotating, exclusive = "clarifai_rotating_app_key", "clarifai_app_keys_exclusive"
	for name, c := range map[string]struct {
		plan   fields
		passes bool
	}{
		"nothing":                       {fields{}, true},
		"no change":                     {change("clarifai_app", []string{"no-op"}, fields{"id": "a"}, fields{"id": "a"}, nil), true},
		"a rotation":                    {change(rotating, update, key, rotated, anew), true},
		"the end of an overlap":         {change(rotating, update, with(key, fields{"previous_id": "u/a/0"}), key, nil), true},
		"a rotation for other scopes":   {change(rotating, update, key, with(rotated, fields{"scopes": []string{"All"}}), anew), false},
		"scopes that are not known":     {change(rotating, update, key, rotated, with(anew, fields{"scopes": []bool{true}})), false},
		"another description":           {change(rotating, update, key, with(key, fields{"description": "e"}), nil), false},
		"a move":                        {change(rotating, update, key, with(rotated, fields{"app_id": "b"}), anew), false},
		"a replaced rotating key":       {change(rotating, []string{"delete", "create"}, key, rotated, anew), false},
		"a set after a rotation":        {change(exclusive, update, set(fields{}), fields{"app_id": "a"}, fields{"key_ids": true, "other_keys": true}), true},
		"a set after an overlap":        {change(exclusive, update, set(fields{}), with(set(fields{}), fields{"key_ids": []string{}}), nil), true},
		"a set with a key made by hand": {change(exclusive, update, set(fields{"u/a/2": "by hand"}), set(fields{}), nil), false},
		"the same in a rotation":        {change(exclusive, update, set(fields{"u/a/2": "by hand"}), fields{"app_id": "a"}, fields{"key_ids": true, "other_keys": true}), false},
		"a set for another app":         {change(exclusive, update, set(fields{}), with(set(fields{}), fields{"app_id": "b"}), nil), false},
		"a set of an unknown app":       {change(exclusive, update, set(fields{}), fields{}, fields{"app_id": true, "key_ids": true, "other_keys": true}), false},
		"an app":                        {change("clarifai_app", update, fields{"id": "a"}, fields{"id": "b"}, nil), false},
		"a plain key":                   {change("clarifai_app_key", update, key, with(key, fields{"description": "e"}), nil), false},
		"a secret":                      {change("kubernetes_secret_v1", update, fields{"data": "1"}, fields{}, fields{"data": true}), true},
		"a version of a secret":         {change("aws_secretsmanager_secret_version", []string{"create", "delete"}, fields{"id": "1"}, fields{}, fields{"id": true}), true},
		"a secret that goes":            {change("kubernetes_secret_v1", []string{"delete"}, fields{"data": "1"}, nil, nil), false},
		"something else":                {change("aws_s3_bucket", []string{"delete"}, fields{"id": "1"}, nil, nil), false},
		"something else that changes":   {change("aws_s3_bucket", update, fields{"id": "1"}, fields{"id": "2"}, nil), false},
		"an action":                     {fields{"action_invocations": []fields{{"address": "action.clarifai_revoke_app_keys.x"}}}, false},
		"an import": {fields{"resource_changes": []fields{{"address": "clarifai_app.x", "mode": "managed", "type": "clarifai_app",
			"change": fields{"actions": []string{"no-op"}, "before": nil, "after": nil, "after_unknown": nil, "importing": fields{"id": "a"}}}}}, false},
	} {
		plan, err := json.Marshal(c.plan)
		must(t, err)
		apitest.Equal(t, gate(t, plan) == "", c.passes, name, "passes")
	}
	schemas, err := acctest.Start(t, emulator.Options{}).Provider().Server().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	for kind := range schemas.ResourceSchemas {
		for _, actions := range [][]string{{"create"}, {"delete"}, {"delete", "create"}, {"create", "delete"}, {"forget"}} {
			plan, _ := json.Marshal(change(kind, actions, key, rotated, anew))
			apitest.Equal(t, gate(t, plan), kind+".x: "+strings.Join(actions, " and "), kind, actions)
		}
	}
}

// TestAccGate: the plan of a CLI passes on the night of a rotation, with a set of exclusive
// keys beside the key, and does not once somebody has made a key by hand, or a run that was
// killed has left one.
func TestAccGate(t *testing.T) {
	t.Parallel()
	clock := apitest.NewClock()
	w := acctest.Start(t, emulator.Options{Now: clock.Now})
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	ws := clitest.InProcess(t, w)
	ws.Write("main.tf", `
resource "clarifai_app" "a" {
  id = "acme"
}
resource "clarifai_rotating_app_key" "k" {
  app_id          = clarifai_app.a.id
  scopes          = ["Apps:Get"]
  rotation_period = "90d"
}
resource "clarifai_app_keys_exclusive" "e" {
  app_id  = clarifai_app.a.id
  key_ids = clarifai_rotating_app_key.k.key_ids
}
`)
	warned := regexp.MustCompile(`grep -E '(.+)'`).FindStringSubmatch(read(t, "../../../examples/pipelines/nightly.sh"))
	night := func() string {
		t.Helper()
		said := ws.Must("plan", "-no-color", "-out=nightly.tfplan").Output
		return gate(t, []byte(ws.Must("show", "-json", "nightly.tfplan").Output)) + regexp.MustCompile(warned[1]).FindString(said)
	}
	apitest.Equal(t, strings.Count(night(), "create"), 3, "resources that are new")
	ws.Must("apply", "-auto-approve")
	for _, pass := range []time.Duration{time.Hour, 90 * 24 * time.Hour, 48 * time.Hour} { // nothing, a rotation, the end of its overlap
		clock.Advance(pass)
		apitest.Equal(t, night(), "", "it stops after", pass, "at")
		ws.Must("apply", "nightly.tfplan")
	}
	clock.Advance(90 * 24 * time.Hour)
	put := func(description string) {
		apitest.Must(t, w.PutKey(emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "acme", Description: description}))
	}
	put(key.MarkSuccessor("", clarifai.Secret(w.Keys(w.UserID(), "acme")[0].ID).Fingerprint()))
	if said := night(); !strings.HasPrefix(said, "Warning: ") {
		t.Errorf("with a successor that the apply revokes, it stops %q", said)
	}
	put("by hand")
	if said := night(); !strings.HasPrefix(said, "clarifai_app_keys_exclusive.e: update") {
		t.Errorf("with a key made by hand, it stops %q", said)
	}
}
