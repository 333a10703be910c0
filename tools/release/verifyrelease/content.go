package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	spdx "github.com/spdx/tools-golang/json"

	"github.com/clarifai/terraform-provider-clarifai/tools/release/archive"
)

// manifestSource is the file that is released as the manifest.
const manifestSource = "terraform-registry-manifest.json"

// maxMegabytes is how large the archive for linux_amd64 may be.
const maxMegabytes = 12

// checkManifest checks that registries learn the protocol that the provider speaks.
func (r *release) checkManifest() error {
	path := r.path(r.manifest())
	if _, err := os.Stat(path); err != nil {
		path = manifestSource
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal(content, &m); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if m.Version != 1 || !slices.Equal(m.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("%s does not name protocol 6.0 alone: %s", path, content)
	}
	return nil
}

// checkArchives checks what is in each archive and how it was built.
func (r *release) checkArchives() error {
	var err error
	for program := range platforms {
		for _, platform := range platforms[program] {
			if failed := r.checkArchive(program, platform); failed != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", r.archive(program, platform), failed))
			}
		}
	}
	if size := r.size(provider, "linux_amd64"); size >= maxMegabytes {
		err = errors.Join(err, fmt.Errorf("%s is %.1f MB large; at most %d are allowed", r.archive(provider, "linux_amd64"), size, maxMegabytes))
	}
	return err
}

func (r *release) checkArchive(program, platform string) error {
	a, err := archive.Open(r.path(r.archive(program, platform)))
	if err != nil {
		return err
	}
	name := program
	if program == provider {
		name += "_v" + r.version // where Terraform looks for it
	}
	if strings.HasPrefix(platform, "windows_") {
		name += ".exe"
	}
	if want := []string{"LICENSE", name}; !slices.Equal(a.Files, want) {
		err = fmt.Errorf("it has %v, not %v", a.Files, want)
	}
	system, arch, _ := strings.Cut(platform, "_")
	for key, want := range map[string]string{"CGO_ENABLED": "0", "-trimpath": "true", "GOOS": system, "GOARCH": arch} {
		if got := a.Setting(key); got != want {
			err = errors.Join(err, fmt.Errorf("it was built with %s=%s, not %s", key, got, want))
		}
	}
	return err
}

// checkDocuments compares the SPDX document of each archive with its program.
func (r *release) checkDocuments() error {
	var err error
	for program := range platforms {
		for _, name := range r.archives(program) {
			if failed := r.checkDocument(name); failed != nil {
				err = errors.Join(err, fmt.Errorf("%s%s: %w", name, document, failed))
			}
		}
	}
	return err
}

func (r *release) checkDocument(name string) error {
	a, err := archive.Open(r.path(name))
	if err != nil {
		return err
	}
	file, err := os.Open(r.path(name + document))
	if err != nil {
		return err
	}
	defer file.Close()
	doc, err := spdx.Read(file)
	if err != nil {
		return err
	}
	sum, err := fileSum(r.path(name))
	if err != nil {
		return err
	}
	if len(doc.Packages) == 0 || len(doc.Packages[0].PackageChecksums) != 1 || doc.Packages[0].PackageChecksums[0].Value != sum ||
		!strings.Contains(doc.Packages[0].PackageSourceInfo, a.Sum()) {
		return errors.New("it is the document of another archive")
	}
	var modules []string
	for _, p := range doc.Packages[1:] {
		modules = append(modules, p.PackageName+"@"+p.PackageVersion)
	}
	slices.Sort(modules)
	if want := a.Modules(); !slices.Equal(modules, want) {
		return fmt.Errorf("it names the modules %v, but the program has %v", modules, want)
	}
	return nil
}

// checkSignature checks the signature of the checksums with the keys that gpg has.
func (r *release) checkSignature(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "gpg", "--batch", "--verify", r.path(r.sums()+".sig"), r.path(r.sums())) // #nosec G204 -- the release's own files
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the signature of %s: %w\n%s", r.sums(), err, out)
	}
	return nil
}
