package guides

import (
	"os"
	"strings"
	"testing"
)

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
