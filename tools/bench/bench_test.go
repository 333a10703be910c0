package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env    map[string]string
		sizes  []int
		rounds int
		wrong  string
	}{
		{env: nil, sizes: []int{100, 1000, 10000}, rounds: 3},
		{env: map[string]string{"QUICK": "1"}, sizes: []int{100, 1000}, rounds: 1},
		{env: map[string]string{"QUICK": "0"}, sizes: []int{100, 1000, 10000}, rounds: 3},
		{env: map[string]string{"QUICK": "1", "SIZES": "50, 60", "ROUNDS": "2"}, sizes: []int{50, 60}, rounds: 2},
		{env: map[string]string{"SIZES": "many"}, wrong: `"many" is not a positive number`},
		{env: map[string]string{"SIZES": "0"}, wrong: "SIZES=0"},
		{env: map[string]string{"SIZES": ","}, wrong: "no number"},
	} {
		s, err := parse(nil, func(name string) string { return c.env[name] })
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%v: %v, want %q", c.env, err, c.wrong)
			}
			continue
		}
		if err != nil || !slices.Equal(s.sizes, c.sizes) || s.rounds != c.rounds {
			t.Errorf("%v: %+v, %v", c.env, s, err)
		}
	}
}

const stateOfKeys = `{"version":4,"serial":7,"resources":[
 {"mode":"managed","type":"clarifai_app","name":"a","provider":"provider[\"r/clarifai/clarifai\"]","instances":[{"index_key":0}]},
 {"mode":"managed","type":"clarifai_app_key","name":"k","provider":"provider[\"r/clarifai/clarifai\"]",
  "instances":[{"index_key":0,"attributes":{"id":"x"},"dependencies":["clarifai_app.a"]}]}]}`

// TestAsTwin: a state and a configuration keep what does not name the provider.
func TestAsTwin(t *testing.T) {
	t.Parallel()
	got := asTwin(stateOfKeys, "twin_key")
	for _, text := range []string{`"type":"twin_app",`, `"type":"twin_key",`, `"dependencies":["twin_app.a"]`, `"provider[\"r/clarifai/twin\"]"`} {
		if !strings.Contains(got, text) {
			t.Errorf("no %s in %s", text, got)
		}
	}
	config := clarifaiConfig(fleetConfig{keyType: ours, n: 1, scopes: []string{"Predict"}}) + `user_id = "clarifai"`
	got = asTwin(config, "twin_key")
	for _, text := range []string{`twin = { source = "clarifai/twin" }`, `provider "twin" {`, `resource "twin_key" "k"`, `[twin_app.a]`, `user_id = "clarifai"`} {
		if !strings.Contains(got, text) {
			t.Errorf("no %s in %s", text, got)
		}
	}
}

func TestMultiplied(t *testing.T) {
	t.Parallel()
	many, err := multiplied([]byte(`{"version":4,"resources":[{"type":"time_static","instances":[{"index_key":0,"attributes":{"id":"x"}}]}]}`), 3)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version   int
		Resources []struct {
			Instances []struct {
				Index      int `json:"index_key"`
				Attributes map[string]string
			}
		}
	}
	if err := json.Unmarshal(many, &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 4 || len(got.Resources) != 1 || len(got.Resources[0].Instances) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, instance := range got.Resources[0].Instances {
		if instance.Index != i || instance.Attributes["id"] != "x" {
			t.Errorf("instance %d: %+v", i, instance)
		}
	}
	for _, wrong := range []string{"", "{}", stateOfKeys, `{"resources":[]}`, `{"resources":[1]}`, `{"resources":[{"instances":[]}]}`} {
		if _, err := multiplied([]byte(wrong), 3); err == nil {
			t.Errorf("%s is accepted", wrong)
		}
	}
}

func TestAsRotating(t *testing.T) {
	t.Parallel()
	content, err := asRotating([]byte(stateOfKeys))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`"type":"clarifai_rotating_app_key"`, `"key_ids":["x"]`, `"next_rotation_at":"2999-`} {
		if !strings.Contains(string(content), text) {
			t.Errorf("no %s in %s", text, content)
		}
	}
	if _, err := asRotating([]byte(`{"resources":[]}`)); err == nil {
		t.Error("a state without keys is accepted")
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "records")
	if got, err := readRecords(path); got != nil || err != nil {
		t.Errorf("without a file: %v, %v", got, err)
	}
	want := []record{{Provider: "clarifai", Peak: 1 << 20, CPU: time.Second}, {Provider: "time", Peak: 2}}
	for _, r := range want {
		if err := r.append(path); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := readRecords(path); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the records are still there and would count for the next command")
	}
	if _, err := parseRecords([]byte("half a li")); err == nil {
		t.Error("a broken record is accepted")
	}
}

func TestStatsSince(t *testing.T) {
	t.Parallel()
	before := cli.Stats{Requests: 5, ByMethod: map[string]int{"A": 4, "B": 1}, Throttled: 1, Keys: 3}
	after := cli.Stats{Requests: 9, ByMethod: map[string]int{"A": 4, "B": 2, "C": 3}, Throttled: 1, Keys: 7}
	got := after.Since(before)
	if got.Requests != 4 || got.Throttled != 0 || got.Keys != 7 || methods(got) != "1 B, 3 C" {
		t.Errorf("%+v, %q", got, methods(got))
	}
	if after.ByMethod["A"] != 4 {
		t.Error("Since changed the later counts")
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	plans := func(wall time.Duration) []usage { return []usage{{Wall: wall, Peak: 90e6}} }
	f := func(scopes int, own time.Duration) *fleet {
		return &fleet{n: 1000, scopes: scopes, planned: cli.Stats{Requests: 2}, names: []string{refTime}, plans: map[string][]usage{
			ours: plans(own), refTime: plans(10 * time.Second), refIdle: plans(5 * time.Second), refPlain: plans(100 * time.Second)}}
	}
	r := results{fleets: []*fleet{f(3, 6*time.Second), f(60, 30*time.Second)}, limited: &limited{n: 1000, apply: usage{Wall: 74 * time.Second}},
		layouts: []*layout{{name: twinModules, n: 1000, plans: []usage{{Wall: 4 * time.Second, CPU: 4 * time.Second, ProviderCPU: 2 * time.Second}}}, {name: modules, n: 1000, planned: cli.Stats{Requests: 5}, shard: cli.Stats{Requests: 14},
			plans: []usage{{Wall: 2 * time.Second, CPU: 4 * time.Second, ProviderCPU: time.Second}}}}}
	var out bytes.Buffer
	r.write(&out)
	for _, want := range []string{
		"plan over 10,000 keys | 150 MB | not measured",
		"ten keys each, against the twin | 1.25 x | 0.50 x | holds | 1.00 x |",
		"provider's CPU time in that plan, against the twin's | 1 x | 0.50 x | holds |",
		"1,000 `time_static` | 0.7 x | 0.60 x | holds |",
		"does nothing | 1.25 x | 1.20 x | holds |",
		"plain sets | 0.5 x | 0.30 x | holds |",
		"against 3 scopes | 3.5 x | 5 x | **does not hold** |",
		"15 requests a second | 75 s | 74 s | holds |",
		"| 1000 | a module per tenant | 5 | 2.0 s | 4.0 s | 1.0 s (25 %) |",
		"1000 keys as one of ten shards of an account: 14 requests",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	if got := tail("a\nb\nc\n", 2); got != "b\nc" {
		t.Errorf("%q", got)
	}
}

func TestWrapperByName(t *testing.T) {
	t.Parallel()
	if !isWrapper("/tmp/x/terraform-provider-time") || isWrapper("/usr/bin/bench") {
		t.Error("the program does not recognize the name that it was started under")
	}
}
