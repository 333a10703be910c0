package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// Release is the CLI under test and its version.
type Release struct {
	Program  string // its path
	OpenTofu bool
	*version.Version
}

// Has reports whether the CLI is at least as new as the version that introduced
// a feature. An empty version means that the CLI does not have it.
func (r Release) Has(terraform, openTofu string) bool {
	since := terraform
	if r.OpenTofu {
		since = openTofu
	}
	return since != "" && r.Core().GreaterThanOrEqual(version.Must(version.NewVersion(since)))
}

// SkipBelow skips the test on a CLI without the feature.
func (r Release) SkipBelow(t testing.TB, terraform, openTofu string) {
	t.Helper()
	if !r.Has(terraform, openTofu) {
		t.Skipf("needs Terraform %s or OpenTofu %s; the CLI is %s", terraform, openTofu, r.Version)
	}
}

// TheRelease finds the CLI under test and asks for its version, once. The testing
// framework, which looks for Terraform only, then uses the same one.
var TheRelease = sync.OnceValues(func() (Release, error) {
	program, err := cli.Find(context.Background(), nil)
	if err != nil {
		return Release{}, err
	}
	text, err := cli.Version(context.Background(), program)
	if err != nil {
		return Release{}, err
	}
	name, number, _ := strings.Cut(text, " v")
	parsed, err := version.NewVersion(number)
	if err != nil {
		return Release{}, fmt.Errorf("%s version printed %q: %w", program, text, err)
	}
	r := Release{Program: program, OpenTofu: name == "OpenTofu", Version: parsed}
	err = os.Setenv(cli.PathVariable, program)
	if r.OpenTofu { // it resolves the provider's short name to its own registry
		err = errors.Join(err, os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org"))
	}
	return r, err
})
