package guides

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
)

// block is a fenced block of a guide, with the marks on the lines above it.
type block struct {
	heading, language, text string
	marks                   []mark
}

// mark is an HTML comment that says how the test treats the block below it:
//
//	from: Terraform 1.8, OpenTofu 1.7    this and all further blocks need that CLI
//	only: Terraform 1.14                 this block needs that CLI
//	below: Terraform 1.14                this block is for every other CLI
//	uses: jq                             this block needs that program
//	first: EVENT                         what happens before the reader goes on: see events
//	prints: TEXT                         what the commands print
//	not run: REASON                      the block is for reading: see notRun
type mark struct{ kind, text string }

var (
	blocks = regexp.MustCompile("(?ms)^## ([^\n]+)$|((?:^<!-- [^\n]* -->\n)*)^```([a-z]+)\n(.*?)^```$")
	marks  = regexp.MustCompile(`<!-- (from|only|below|uses|first|prints|not run): (.*) -->`)
	file   = regexp.MustCompile(`\A# ([\w./-]+\.\w+)\n`)
	colors = regexp.MustCompile("\x1b\\[[0-9;]*m") // Terraform's, on a pipe as well
)

// parse returns the blocks of a guide in order.
func parse(text string) (all []block, err error) {
	heading := ""
	for _, m := range blocks.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			heading = m[1]
			continue
		}
		b := block{heading: heading, language: m[3], text: m[4]}
		for line := range strings.SplitSeq(strings.TrimSpace(m[2]), "\n") {
			if found := marks.FindStringSubmatch(line); found != nil {
				b.marks = append(b.marks, mark{found[1], found[2]})
			} else if line != "" {
				err = errors.Join(err, fmt.Errorf("%s: unknown mark %s", heading, line))
			}
		}
		all = append(all, b)
	}
	return all, err
}

// all returns the texts of the block's marks of a kind.
func (b block) all(kind string) (texts []string) {
	for _, m := range b.marks {
		if m.kind == kind {
			texts = append(texts, m.text)
		}
	}
	return texts
}

// commands returns what a reader types for a block: a block whose first line names a
// file becomes that file. Other languages than the shell's only show something.
func (b block) commands() (string, error) {
	if m := file.FindStringSubmatch(b.text); m != nil {
		return fmt.Sprintf("mkdir -p %q\ncat >%q <<'END OF BLOCK'\n%sEND OF BLOCK\n", filepath.Dir(m[1]), m[1], b.text), nil
	}
	switch b.language {
	case "shell":
		return b.text, nil
	case "terraform":
		return "", fmt.Errorf("%s: the block names no file:\n%s", b.heading, b.text)
	}
	return "", nil
}

// reader follows a guide: one shell, in which the commands of all blocks run.
type reader struct {
	dir    string // of the guide
	typed  io.Writer
	cmd    *exec.Cmd
	blocks io.WriteCloser // files of commands to run
	done   *bufio.Reader  // a line for each that has succeeded
	output *os.File
}

// The shell reads the names of the blocks and says when one has succeeded. It ends
// with the first command that fails, and what runs in the background ends with it.
const shell = `set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
while read -r block <&3; do
  . "$block"
  echo >&4
done`

// newReader returns a reader in a folder, with an environment.
func newReader(t *testing.T, dir string, env []string) *reader {
	t.Helper()
	r := &reader{dir: dir, cmd: exec.CommandContext(context.WithoutCancel(t.Context()), "bash", "-c", shell)} // #nosec G204 -- commands of the guides
	r.cmd.Dir, r.cmd.Env = dir, slices.Clone(env)
	return r
}

// start starts the shell, which ends with the test.
func (r *reader) start(t *testing.T) {
	t.Helper()
	blocks, names, err1 := os.Pipe()
	done, said, err2 := os.Pipe()
	output, err3 := os.Create(filepath.Join(t.TempDir(), "output")) // not a pipe: a program in the background would keep it open
	typed, err4 := r.cmd.StdinPipe()
	must(t, errors.Join(err1, err2, err3, err4))
	r.typed, r.blocks, r.done, r.output = typed, names, bufio.NewReader(done), output
	r.cmd.Stdout, r.cmd.Stderr, r.cmd.ExtraFiles = output, output, []*os.File{blocks, said}
	must(t, errors.Join(r.cmd.Start(), blocks.Close(), said.Close()))
	t.Cleanup(func() {
		names.Close()
		r.cmd.Wait() // follow has returned an error if the shell has
		done.Close()
		output.Close()
	})
}

// typeLine types a line that a command will read.
func (r *reader) typeLine(text string) error {
	_, err := fmt.Fprintln(r.typed, text)
	return err
}

// follow runs the commands of a block and returns an error if they fail, or do not
// print what the guide says.
func (r *reader) follow(b block) error {
	commands, err := b.commands()
	if err != nil {
		return err
	}
	before, err := r.output.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	name := r.output.Name() + ".block"
	if err := os.WriteFile(name, []byte(commands), 0o600); err != nil {
		return err
	}
	fmt.Fprintln(r.blocks, name)
	_, failed := r.done.ReadString('\n')
	content, err := os.ReadFile(r.output.Name())
	if err != nil {
		return err
	}
	text := colors.ReplaceAllString(string(content[before:]), "")
	if failed != nil {
		return fmt.Errorf("%s: the commands fail:\n%s\n%s", b.heading, b.text, text)
	}
	printed := clitest.Unwrapped(text)
	for _, want := range b.all("prints") {
		if !strings.Contains(printed, want) {
			return fmt.Errorf("%s: no %q in the output of\n%s\n%s", b.heading, want, b.text, text)
		}
	}
	for _, m := range warnings.FindAllString(text, -1) {
		names := func(want string) bool { return strings.HasPrefix(m, want) } // a heading may go on with an ID
		if m != lockFile && !slices.ContainsFunc(b.all("prints"), names) {
			return fmt.Errorf("%s: a warning that no reader expects in the output of\n%s\n%s", b.heading, b.text, text)
		}
	}
	return nil
}

// A reader is warned of nothing that the guide does not announce. The mirror has this
// platform's build only.
var warnings = regexp.MustCompile(`Warning: [^\n]+`)

const lockFile = "Warning: Incomplete lock file information for providers"

// TestReader: a guide is followed to its end, and a broken block is an error.
func TestReader(t *testing.T) {
	t.Parallel()
	const good = "## One\n\n```terraform\n# a/b.tf\nc = 1\n```\n\n```shell\ncd a\nread -r typed\n```\n\n```yaml\nd: e\n```\n\n" +
		"## Two\n\n<!-- prints: typed, c = 1 -->\n```shell\necho \"$typed,\"\ntail -1 b.tf\n```\n"
	for name, c := range map[string]struct{ old, broken, want string }{
		"as it is":            {"", "", ""},
		"a command fails":     {"cd a", "cd b", "One: the commands fail"},
		"the last one fails":  {"tail -1 b.tf", "echo c = 1\nfalse", "Two: the commands fail"},
		"a variable is unset": {"$typed", "$other", "Two: the commands fail"},
		"the output differs":  {"c = 1\n```", "c = 2\n```", `Two: no "typed, c = 1" in the output`},
		"a file has no name":  {"# a/b.tf\n", "", "One: the block names no file"},
		"a mark has a typo":   {"<!-- prints:", "<!-- print:", "Two: unknown mark"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := followAll(t, strings.Replace(good, c.old, c.broken, 1))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// followAll follows a guide in which a command reads a line.
func followAll(t *testing.T, text string) error {
	t.Helper()
	all, err := parse(text)
	if err != nil {
		return err
	}
	r := newReader(t, t.TempDir(), os.Environ())
	r.start(t)
	if err := r.typeLine("typed"); err != nil {
		return err
	}
	for _, b := range all {
		if err := r.follow(b); err != nil {
			return err
		}
	}
	return nil
}
