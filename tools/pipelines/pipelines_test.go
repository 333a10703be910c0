// Package pipelines checks the pipelines that the documentation has for users.
package pipelines

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"
)

const examples = "../../examples/pipelines/"

// TestGitHub: actionlint finds nothing in the workflow, nor in those of this
// repository.
func TestGitHub(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows (%v)", err)
	}
	for _, file := range append(files, examples+"github.yml") {
		if found := lint(t, read(t, file)); len(found) > 0 {
			t.Errorf("%s: %v", file, found)
		}
	}
	if found := lint(t, bytes.Replace(read(t, examples+"github.yml"), []byte("runs-on"), []byte("run-on"), 1)); len(found) == 0 {
		t.Error("a job without runs-on passes")
	}
}

func lint(t *testing.T, workflow []byte) []*actionlint.Error {
	t.Helper()
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := linter.Lint("workflow.yml", workflow, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// gitLab is the part of GitLab's schema for pipelines that the example uses.
type gitLab struct {
	Image     image             `yaml:"image"`
	Stages    []string          `yaml:"stages"`
	Variables map[string]string `yaml:"variables"`
	Jobs      map[string]job    `yaml:",inline"`
}

type image struct {
	Name       string   `yaml:"name"`
	Entrypoint []string `yaml:"entrypoint"`
}

type job struct {
	Extends   string            `yaml:"extends"`
	Stage     string            `yaml:"stage"`
	Timeout   string            `yaml:"timeout"`
	Variables map[string]string `yaml:"variables"`
	IDTokens  map[string]struct {
		Audience string `yaml:"aud"`
	} `yaml:"id_tokens"`
	BeforeScript []string `yaml:"before_script"`
	Rules        []struct {
		If string `yaml:"if"`
	} `yaml:"rules"`
	ResourceGroup string   `yaml:"resource_group"`
	Environment   string   `yaml:"environment"`
	Script        []string `yaml:"script"`
}

// TestGitLab: the pipeline has no other keywords, and each job can run.
func TestGitLab(t *testing.T) {
	t.Parallel()
	decoder := yaml.NewDecoder(bytes.NewReader(read(t, examples+"gitlab.yml")))
	decoder.KnownFields(true)
	var pipeline gitLab
	if err := decoder.Decode(&pipeline); err != nil {
		t.Fatal(err)
	}
	if pipeline.Image.Name == "" || len(pipeline.Jobs) < len(pipeline.Stages)+1 {
		t.Errorf("no image, or only %d jobs", len(pipeline.Jobs))
	}
	for name, j := range pipeline.Jobs {
		if name[0] == '.' {
			continue // a template
		}
		if _, ok := pipeline.Jobs[j.Extends]; !ok || !slices.Contains(pipeline.Stages, j.Stage) || len(j.Script) == 0 || len(j.Rules) != 1 || j.Rules[0].If == "" {
			t.Errorf("the job %s lacks a template, a stage, a script or a rule", name)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
