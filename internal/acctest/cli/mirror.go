package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Source is the source of the Clarifai provider in a configuration.
const Source = "clarifai/clarifai"

// registries are where Terraform and OpenTofu look for a source that names no
// registry. A configuration may name either for both.
var registries = []string{"registry.terraform.io", "registry.opentofu.org"}

// MirroredVersion is the version under which a mirror has a build that is not a
// release.
const MirroredVersion = "0.0.1"

// Mirror is the folder of a filesystem mirror of providers. Unlike an override for
// development, it works with terraform init, so that a configuration can have
// modules, a backend, other providers and a lock file.
type Mirror string

// Install replaces all versions of a source with one: the provider in a program
// for this platform. Both registries' addresses get it.
func (m Mirror) Install(source, version, program string) error {
	name := source[strings.LastIndex(source, "/")+1:]
	for _, registry := range registries {
		versions := filepath.Join(string(m), registry, filepath.FromSlash(source))
		platform := filepath.Join(versions, version, runtime.GOOS+"_"+runtime.GOARCH)
		target := filepath.Join(platform, "terraform-provider-"+name+"_v"+version+filepath.Ext(program))
		if err := errors.Join(os.RemoveAll(versions), os.MkdirAll(platform, 0o750), copyProgram(program, target)); err != nil {
			return fmt.Errorf("installing %s in the mirror: %w", source, err)
		}
	}
	return nil
}

// Config returns the CLI configuration that takes the sources from the mirror, and
// every other provider from its registry.
func (m Mirror) Config(sources ...string) (string, error) {
	folder, err := filepath.Abs(string(m))
	if err != nil {
		return "", err
	}
	var addresses []string
	for _, source := range sources {
		for _, registry := range registries {
			addresses = append(addresses, fmt.Sprintf("%q", registry+"/"+source))
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

func copyProgram(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	// The program of a mirror is run by whoever uses the mirror.
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755) // #nosec G302 G304 -- a program, in the caller's mirror
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
