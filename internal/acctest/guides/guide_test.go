// Package guides follows the guides of the documentation, block by block: it
// writes each file and runs each command that a reader would.
package guides

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }

const folder = "../../../docs/guides"

// guide is a guide that a test follows from top to bottom.
type guide struct {
	t        *testing.T
	blocks   []block
	next     int
	replaced []string // pairs of what the guide writes and what the test has instead
	programs string   // folder of programs that commands find besides the CLI
}

// block is a fenced block of a guide.
type block struct {
	language, heading, text string
}

var blocks = regexp.MustCompile("(?ms)^## ([^\n]+)$|^```([a-z]+)\n(.*?)^```$")

// open reads a guide. At the end of the test, each of its blocks has been used.
func open(t *testing.T, name string) *guide {
	t.Helper()
	text := read(t, filepath.Join(folder, name))
	g, heading := &guide{t: t}, ""
	for _, m := range blocks.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			heading = m[1]
			continue
		}
		g.blocks = append(g.blocks, block{language: m[2], heading: heading, text: m[3]})
	}
	t.Cleanup(func() {
		if !t.Failed() && g.next != len(g.blocks) {
			t.Errorf("the test follows %d of the %d blocks of %s", g.next, len(g.blocks), name)
		}
	})
	return g
}

// replace makes the test use now where the guide writes old, an example.
func (g *guide) replace(old, now string) { g.replaced = append(g.replaced, old, now) }

// take returns the next block, which is under that heading.
func (g *guide) take(heading, language string) string {
	g.t.Helper()
	if g.next == len(g.blocks) {
		g.t.Fatal("the guide ends before this block")
	}
	b := g.blocks[g.next]
	g.next++
	if b.heading != heading || b.language != language {
		g.t.Fatalf("the next block is %s under %q, not %s under %q:\n%s", b.language, b.heading, language, heading, b.text)
	}
	return strings.NewReplacer(g.replaced...).Replace(b.text)
}

// write writes the file of the next block, which its first line names.
func (g *guide) write(ws *clitest.Workspace, heading string) {
	g.t.Helper()
	text := g.take(heading, "terraform")
	first, rest, _ := strings.Cut(text, "\n")
	name, ok := strings.CutPrefix(first, "# ")
	if !ok || !strings.Contains(name, ".tf") {
		g.t.Fatalf("the block names no file:\n%s", text)
	}
	ws.Write(name, rest)
}

// pass goes past a block that this CLI cannot run.
func (g *guide) pass(heading, language string) { g.t.Helper(); g.take(heading, language) }

// run runs the commands of the next block and returns what they print.
func (g *guide) run(ws *clitest.Workspace, heading string, how ...func(*exec.Cmd)) string {
	g.t.Helper()
	output, code := g.bash(ws, g.take(heading, "shell"), how...)
	if code != 0 {
		g.t.Fatalf("%s: exit code %d\n%s", heading, code, output)
	}
	return output
}

// bash runs commands, in which terraform is the CLI under test.
func (g *guide) bash(ws *clitest.Workspace, commands string, how ...func(*exec.Cmd)) (output string, code int) {
	g.t.Helper()
	cmd := exec.CommandContext(g.t.Context(), "bash", "-euo", "pipefail", "-c", commands) // #nosec G204 -- commands of the guides
	cmd.Dir = ws.Dir
	path := []string{programs(g.t, ws), g.programs, os.Getenv("PATH")}
	cmd.Env = append(slices.Clone(ws.Env), "PATH="+strings.Join(path, string(os.PathListSeparator)))
	// A file, because a program in the background would keep a pipe open.
	file, err := os.Create(filepath.Join(g.t.TempDir(), "output"))
	if err != nil {
		g.t.Fatal(err)
	}
	defer file.Close()
	cmd.Stdout, cmd.Stderr = file, file
	for _, h := range how {
		h(cmd)
	}
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		g.t.Fatal(err)
	}
	printed, err := os.ReadFile(file.Name())
	if err != nil {
		g.t.Fatal(err)
	}
	return colors.ReplaceAllString(string(printed), ""), cmd.ProcessState.ExitCode()
}

// colors are what Terraform marks text with, on a pipe as well.
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// programs returns a folder in which terraform is the CLI under test.
func programs(t *testing.T, ws *clitest.Workspace) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(ws.Release.Program(), filepath.Join(dir, "terraform")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// input gives commands what they read from the terminal.
func input(text string) func(*exec.Cmd) {
	return func(cmd *exec.Cmd) { cmd.Stdin = strings.NewReader(text) }
}

// allowInput lets the CLI ask for approval.
func allowInput(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, "TF_INPUT=1") }
