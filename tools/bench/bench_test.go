package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
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
		{env: map[string]string{"SIZES": "many"}, wrong: "SIZES=many: it must be positive numbers"},
		{env: map[string]string{"SIZES": "0"}, wrong: "SIZES=0"},
		{env: map[string]string{"SIZES": ","}, wrong: "SIZES=,"},
	} {
		s, err := parse(nil, func(name string) string { return c.env[name] })
		if c.wrong != "" {
			apitest.Fails(t, err, c.wrong)
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

func counted1(t *testing.T) files {
	t.Helper()
	config, err := countedKeys(1, []string{"Predict"})
	apitest.Must(t, err)
	return config
}

// TestAsTwin: a state and a configuration keep what does not name the provider.
func TestAsTwin(t *testing.T) {
	t.Parallel()
	got := asTwin(stateOfKeys)
	apitest.Says(t, got, `"type":"twin_app",`, `"type":"twin_app_key",`, `"dependencies":["twin_app.a"]`, `"provider[\"r/clarifai/twin\"]"`)
	config := counted1(t)
	got = config.edited(asTwin)["main.tf"]
	apitest.Says(t, got, `twin = { source = "clarifai/twin" }`, `provider "twin" {`, `resource "twin_app_key" "k"`, `[twin_app.a]`, `user_id = "clarifai"`)
	apitest.Says(t, config["main.tf"], `"clarifai_app_key"`)
}

func TestAsRotating(t *testing.T) {
	t.Parallel()
	got := asRotating(counted1(t)["main.tf"])
	apitest.Says(t, got, `resource "clarifai_app" "a"`, `resource "clarifai_rotating_app_key" "k"`, `rotation_period = "90d"`)
}

// TestTenantModules finds the files of the example, and the keys in the variables.
func TestTenantModules(t *testing.T) {
	t.Parallel()
	content, err := tenantModules(os.DirFS("../.."), 25, []string{"Predict"})
	if err != nil || !strings.Contains(content["modules/tenant/main.tf"], `"clarifai_app_key"`) || content["main.tf"] == "" {
		t.Fatal(content, err)
	}
	var got struct {
		Tenants map[string]struct {
			Keys map[string]struct{ Scopes []string }
		}
	}
	apitest.Must(t, json.Unmarshal([]byte(content["bench.auto.tfvars.json"]), &got))
	if len(got.Tenants) != 3 || len(got.Tenants["tenant-0"].Keys) != 10 || len(got.Tenants["tenant-2"].Keys) != 5 ||
		!slices.Equal(got.Tenants["tenant-2"].Keys["key-4"].Scopes, []string{"Predict"}) {
		t.Errorf("%+v", got)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"record-1": `{"cpu":2000000000,"peak":1000}`, "record-2": `{"cpu":1000000000,"peak":3000}`,
	} {
		apitest.Must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	if u, err := readRecords(folder); err != nil || u.ProviderCPU != 3*time.Second || u.Peak != 3000 {
		t.Errorf("%+v, %v", u, err)
	}
	apitest.Must(t, os.WriteFile(filepath.Join(folder, "record-3"), []byte("half a li"), 0o600))
	if _, err := readRecords(folder); err == nil {
		t.Error("a broken record is accepted")
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	measured := func(name string, wall, provider time.Duration) *subject {
		return &subject{name: name, plans: []usage{{Wall: wall, CPU: 4 * time.Second, ProviderCPU: provider, Peak: 90e6}}}
	}
	r := results{
		{layout: counted, keys: 1000, scopes: few, subjects: []*subject{
			measured(plain, 6*time.Second, time.Second), measured(idle, 5*time.Second, 1), measured(rotating, 9*time.Second, 1)}},
		{layout: counted, keys: 1000, scopes: many, subjects: []*subject{
			measured(plain, 30*time.Second, 1), measured(idle, 100*time.Second, 1), {name: rotating}}},
		{layout: modules, keys: 1000, scopes: few, subjects: []*subject{
			measured(plain, 2*time.Second, time.Second), measured(idle, 4*time.Second, 2*time.Second)}},
	}
	var out bytes.Buffer
	r.write(&out)
	for _, want := range []string{
		"| 1000 | 3 | modules | twin that does nothing | 4.0 s | 4.0 s | 2.0 s | 90 MB | 0.50 | 1.00 | 0.50 |\n",
		"plan over 10,000 keys | 150 MB | not measured |",
		"ten keys each, against the twin | 1.25 x | 0.50 x | holds |",
		"provider's CPU time in that plan, against the twin's | 1 x | 0.50 x | holds |",
		"does nothing | 1.25 x | 1.20 x | holds |",
		"60 scopes, against the twin | 1.25 x | 0.30 x | holds |",
		"none due, against plain keys | 1.25 x | 1.50 x | **does not hold** |",
	} {
		apitest.Says(t, out.String(), want)
	}
	if strings.Contains(out.String(), "| 60 | counted | the same keys rotating") {
		t.Errorf("a row of what was not measured:\n%s", &out)
	}
	r = results{{layout: counted, keys: 10000, scopes: many, subjects: []*subject{measured(plain, 1, 1)}}}
	if peak := r.bounds()[5]; !peak.known || peak.measured != 90 {
		t.Errorf("%+v", peak)
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	if got := tail("a\nb\nc\n", 2); got != "b\nc" {
		t.Errorf("%q", got)
	}
}

func TestScopesNeedNoWarning(t *testing.T) {
	t.Parallel()
	for _, n := range []int{3, 60} {
		names, err := chooseScopes(n)
		if err != nil || len(names) != n {
			t.Fatalf("%d scopes, %v", len(names), err)
		}
		if w := scope.Warnings(names); len(w) > 0 {
			t.Errorf("%d scopes: %v", n, w)
		}
		if w, ok := scope.CallsNothing(names); ok {
			t.Errorf("%d scopes: %v", n, w)
		}
	}
	for _, n := range []int{1, 1000} {
		if _, err := chooseScopes(n); err == nil {
			t.Errorf("no error for %d scopes", n)
		}
	}
}
