package guides

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFormat: each block of configuration that a reader may copy is formatted
// as the CLI formats it.
func TestAccFormat(t *testing.T) {
	t.Parallel()
	ws := clitest.New(t, acctest.Start(t, emulator.Options{}))
	written := 0
	for _, page := range append(glob(t, folder+"/*.md"), "../../../README.md", "../../../CONTRIBUTING.md", "../../../docs/index.md") {
		all, err := parse(read(t, page))
		if err != nil {
			t.Error(err)
		}
		for i, b := range all {
			if b.language != "terraform" && b.language != "hcl" {
				continue
			}
			written++
			if strings.Contains(b.text, "provider::") && !ws.Release.Has("1.8.0", "1.7.0") {
				continue // not the syntax of this CLI
			}
			name := filepath.Join(ws.Dir, fmt.Sprintf("%s.%d.tf", filepath.Base(page), i))
			must(t, os.WriteFile(name, []byte(b.text), 0o600))
		}
	}
	if written < 50 {
		t.Errorf("only %d blocks were found", written)
	}
	if r := ws.Run("fmt", "-check", "-diff"); r.Err != nil {
		t.Errorf("not formatted:\n%s", r.Output)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	must(t, err)
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	return string(text)
}

// TestLinks: each link to another file of the repository, and to a heading in it,
// leads somewhere, and the README names what to try first.
func TestLinks(t *testing.T) {
	t.Parallel()
	const root = "../../.."
	pages := slices.Concat(glob(t, root+"/*.md"), glob(t, root+"/docs/*.md"), glob(t, root+"/docs/*/*.md"), glob(t, root+"/examples/*/*.md"))
	found := 0
	for _, page := range pages {
		for _, target := range links(read(t, page)) {
			found++
			file, anchor, _ := strings.Cut(target, "#")
			if file = filepath.Join(filepath.Dir(page), file); strings.HasPrefix(target, "#") {
				file = page
			}
			if rest, ok := strings.CutPrefix(target, repository); ok {
				file, anchor = filepath.Join(root, rest), ""
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, target)
			} else if anchor != "" && !slices.Contains(anchors(read(t, file)), anchor) {
				t.Errorf("%s links to %s, which has no such heading", page, target)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d links were found", found)
	}
	if readme := read(t, root+"/README.md"); !strings.Contains(readme, "\nmake demo ") || !strings.Contains(readme, "\nmake test ") {
		t.Error("the README lacks make demo or make test")
	}
}

var (
	fences       = regexp.MustCompile("(?ms)^```.*?^```$")
	linkTarget   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pageHeading  = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInAnchors = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	explicit     = regexp.MustCompile(`<a id="([^"]+)">`)
)

const repository = "https://github.com/clarifai/terraform-provider-clarifai/"

// links returns the targets of the links of a page that are in this repository.
// Those to its files on GitHub count without the branch.
func links(text string) []string {
	var targets []string
	for _, m := range linkTarget.FindAllStringSubmatch(fences.ReplaceAllString(text, ""), -1) {
		target := m[1]
		for _, branch := range []string{"tree/main/", "blob/main/"} {
			target = strings.Replace(target, repository+branch, repository, 1)
		}
		if onGitHub := strings.HasPrefix(target, repository) && target != m[1]; onGitHub || !strings.Contains(target, "://") {
			targets = append(targets, target)
		}
	}
	return targets
}

// anchors returns the names that GitHub and the registries give the headings of a
// page.
func anchors(text string) []string {
	var names []string
	for _, m := range pageHeading.FindAllStringSubmatch(fences.ReplaceAllString(text, ""), -1) {
		names = append(names, strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	for _, m := range explicit.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}
