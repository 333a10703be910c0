package guides

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFormat: each block of configuration that a reader may copy is formatted
// as the CLI formats it.
func TestAccFormat(t *testing.T) {
	t.Parallel()
	files := glob(t, folder+"/*.md")
	ws := clitest.New(t, acctest.Start(t, emulator.Options{}))
	for _, file := range append(files, "../../../README.md", "../../../CONTRIBUTING.md") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			for _, m := range blocks.FindAllSubmatch([]byte(read(t, file)), -1) {
				if language := string(m[2]); language != "terraform" && language != "hcl" {
					continue
				}
				cmd := exec.CommandContext(t.Context(), ws.Release.Program(), "fmt", "-") // #nosec G204 -- the CLI under test
				cmd.Env, cmd.Stdin = ws.Env, bytes.NewReader(m[3])
				formatted, err := cmd.Output()
				if err != nil {
					t.Errorf("%v:\n%s", err, m[3])
				} else if !bytes.Equal(formatted, m[3]) {
					t.Errorf("not formatted:\n%s\nshould be:\n%s", m[3], formatted)
				}
			}
		})
	}
}
