package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// Program is the CLI to test with: the one that TF_ACC_TERRAFORM_PATH names, or
// the first on PATH.
var Program = sync.OnceValues(func() (string, error) {
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil && name != "" {
			return filepath.Abs(path)
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH; make test finds or downloads one, or set TF_ACC_TERRAFORM_PATH")
})

// Release is what the CLI is, and in which version.
type Release struct {
	OpenTofu bool
	*version.Version
}

// Has tells whether the CLI is as new as what the two have something since. An
// empty version means never.
func (r Release) Has(terraform, openTofu string) bool {
	since := terraform
	if r.OpenTofu {
		since = openTofu
	}
	return since != "" && r.Core().GreaterThanOrEqual(version.Must(version.NewVersion(since)))
}

// SkipBelow skips the test on a CLI that does not know what it is about.
func (r Release) SkipBelow(t testing.TB, terraform, openTofu string) {
	t.Helper()
	if !r.Has(terraform, openTofu) {
		t.Skipf("needs Terraform %s or OpenTofu %s; the CLI is %s", terraform, openTofu, r.Version)
	}
}

// TheRelease asks the CLI once.
var TheRelease = sync.OnceValues(func() (Release, error) {
	program, err := Program()
	if err != nil {
		return Release{}, err
	}
	cmd := exec.CommandContext(context.Background(), program, "version", "-json") // #nosec G204 -- the CLI under test
	cmd.Env = []string{"HOME=" + os.TempDir(), "CHECKPOINT_DISABLE=1"}
	out, err := cmd.Output()
	if err != nil {
		return Release{}, fmt.Errorf("%s version: %w", program, err)
	}
	var v struct {
		Terraform string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &v); err != nil {
		return Release{}, err
	}
	parsed, err := version.NewVersion(v.Terraform)
	text, _ := exec.CommandContext(context.Background(), program, "version").Output() // #nosec G204 -- the CLI under test
	return Release{OpenTofu: bytes.HasPrefix(text, []byte("OpenTofu")), Version: parsed}, err
})
