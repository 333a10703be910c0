// Package guides follows the guides of the documentation as a reader does: from an
// empty folder, one block after the other.
package guides

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

var must = apitest.Must

const folder = "../../../docs/guides"

// notRun is what the guides mark as not run, and nothing else may be.
var notRun = map[string][]string{
	"adopting.md":        {"needs the generic REST provider"},
	"faq.md":             {"needs a registry", "needs a registry"},
	"getting-started.md": {"needs a clone and Go"},
	"pipelines.md":       {"needs a remote backend"},
	"rotation.md":        {"needs hashicorp/time"},
	"secrets.md":         {"needs hashicorp/vault", "needs hashicorp/aws", "needs hashicorp/kubernetes"},
}

// TestAccGuides follows every guide.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	guides := glob(t, folder+"/*.md")
	if len(guides) < 12 {
		t.Fatalf("only %d guides were found", len(guides))
	}
	for _, file := range guides {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			name, text := filepath.Base(file), read(t, file)
			all, err := parse(text)
			must(t, err)
			var passed []string
			for _, b := range all {
				passed = append(passed, b.all("not run")...)
			}
			apitest.Equal(t, passed, notRun[name], "marked as not run")
			if slices.ContainsFunc(all, block.runs) {
				followGuide(t, name, all)
			}
		})
	}
}

// runs reports whether there is something to do for a block.
func (b block) runs() bool {
	commands, err := b.commands()
	return len(b.all("not run")) == 0 && (err != nil || commands != "")
}

// followGuide follows a guide to its end, or to the first block that fails.
func followGuide(t *testing.T, name string, all []block) {
	t.Helper()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	ws := clitest.WithMirror(t, w, map[string]string{cli.Source: clitest.Watched})
	s := scene{w, newReader(t, ws.Dir, append(ws.Env, "PATH="+programs(t, ws)))}
	if prepare := scenes[name]; prepare != nil {
		prepare(t, s)
	}
	s.start(t)
	for _, b := range all {
		if from := b.all("from"); len(from) > 0 && !fits(t, ws.Release, from[0]) {
			t.Logf("%s: the rest needs %s", b.heading, from[0])
			return
		}
		if !b.runs() || !usable(t, ws.Release, b) {
			continue
		}
		for _, event := range b.all("first") {
			happens := events[event]
			if happens == nil {
				t.Fatalf("there is no event %q", event)
			}
			if err := happens(s); err != nil {
				t.Fatalf("%s: %v", event, err)
			}
		}
		must(t, s.follow(b))
	}
}

// programs returns a PATH on which terraform is the CLI under test.
func programs(t *testing.T, ws *clitest.Workspace) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Symlink(ws.Release.Program, filepath.Join(dir, "terraform")))
	emulator := filepath.Dir(clitest.Build(t, clitest.Module+"/cmd/clarifai-emulator", "clarifai-emulator"))
	return strings.Join([]string{dir, emulator, os.Getenv("PATH")}, string(os.PathListSeparator))
}

// usable reports whether this machine has what the marks of a block name.
func usable(t *testing.T, release acctest.Release, b block) bool {
	t.Helper()
	for _, only := range b.all("only") {
		if !fits(t, release, only) {
			t.Logf("%s: a block needs %s", b.heading, only)
			return false
		}
	}
	for _, below := range b.all("below") {
		if fits(t, release, below) {
			return false
		}
	}
	for _, program := range b.all("uses") {
		if _, err := exec.LookPath(program); err != nil {
			t.Logf("%s: %v", b.heading, err)
			return false
		}
	}
	return true
}

var versions = regexp.MustCompile(`^(?:Terraform (\d+\.\d+))?(?:, )?(?:OpenTofu (\d+\.\d+))?$`)

// fits reports whether the CLI is one that a mark names. Of those it does not name,
// none is.
func fits(t *testing.T, release acctest.Release, mark string) bool {
	t.Helper()
	m := versions.FindStringSubmatch(mark)
	if m == nil {
		t.Fatalf("%q names no CLI", mark)
	}
	return release.Has(m[1], m[2])
}
