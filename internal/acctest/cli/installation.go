package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Source is the source of the Clarifai provider in a configuration.
const Source = "clarifai/clarifai"

// registries are where Terraform and OpenTofu look for a source that names no
// registry. A configuration may name either for both.
var registries = []string{"registry.terraform.io", "registry.opentofu.org"}

// overrides returns a CLI configuration that takes providers from folders.
func overrides(providers map[string]string) (string, error) {
	var lines strings.Builder
	for _, source := range slices.Sorted(maps.Keys(providers)) {
		folder, err := filepath.Abs(providers[source])
		if err != nil {
			return "", err
		}
		for _, registry := range registries {
			fmt.Fprintf(&lines, "    %q = %q\n", registry+"/"+source, filepath.ToSlash(folder))
		}
	}
	return "provider_installation {\n  dev_overrides {\n" + lines.String() + "  }\n  direct {}\n}\n", nil
}

// mirror makes a filesystem mirror of the providers in a folder, and returns a CLI
// configuration that takes them from there, and every other one from its registry.
func mirror(folder string, providers map[string]string) (string, error) {
	var addresses []string
	for _, source := range slices.Sorted(maps.Keys(providers)) {
		program := "terraform-provider-" + path.Base(source)
		built, err := filepath.Abs(filepath.Join(providers[source], program))
		if err != nil {
			return "", err
		}
		for _, registry := range registries {
			addresses = append(addresses, fmt.Sprintf("%q", registry+"/"+source))
			// A build that is not a release.
			platform := filepath.Join(folder, registry, filepath.FromSlash(source), "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
			if err := errors.Join(os.MkdirAll(platform, 0o750), os.Symlink(built, filepath.Join(platform, program+"_v0.0.1"))); err != nil {
				return "", fmt.Errorf("making a mirror of %s: %w", source, err)
			}
		}
	}
	list := strings.Join(addresses, ", ")
	return fmt.Sprintf(`provider_installation {
  filesystem_mirror {
    path    = %q
    include = [%s]
  }
  direct {
    exclude = [%s]
  }
}
`, filepath.ToSlash(folder), list, list), nil
}
