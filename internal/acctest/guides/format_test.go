package guides

import (
	"fmt"
	"os"
	"path/filepath"
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
