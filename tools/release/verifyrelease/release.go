package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The programs of a release, and the platforms of each.
const (
	provider = "terraform-provider-clarifai"
	emulator = "clarifai-emulator"
)

var platforms = map[string][]string{
	provider: {
		"darwin_amd64", "darwin_arm64", "freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64", "linux_386",
		"linux_amd64", "linux_arm", "linux_arm64", "linux_s390x", "windows_386", "windows_amd64", "windows_arm64",
	},
	emulator: {"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64", "windows_arm64"},
}

// release is a folder with the files of a release.
type release struct {
	folder, version string
	files           []string // what is published, sorted
}

// open finds the version of the release and its files. goreleaser leaves files of its
// own and folders beside them.
func open(folder string) (*release, error) {
	found, err := filepath.Glob(filepath.Join(folder, provider+"_*_SHA256SUMS"))
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%s has %d files with the checksums of a release, not one", folder, len(found))
	}
	name := filepath.Base(found[0])
	r := &release{folder: folder, version: strings.TrimSuffix(strings.TrimPrefix(name, provider+"_"), "_SHA256SUMS")}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() && !slices.Contains([]string{"artifacts.json", "config.yaml", "metadata.json"}, e.Name()) {
			r.files = append(r.files, e.Name())
		}
	}
	return r, nil
}

func (r *release) path(name string) string { return filepath.Join(r.folder, name) }

func (r *release) archive(program, platform string) string {
	return program + "_" + r.version + "_" + platform + ".zip"
}

func (r *release) sums() string { return provider + "_" + r.version + "_SHA256SUMS" }

func (r *release) manifest() string { return provider + "_" + r.version + "_manifest.json" }

// size returns the size of an archive in megabytes, or 0.
func (r *release) size(program, platform string) float64 {
	info, err := os.Stat(r.path(r.archive(program, platform)))
	if err != nil {
		return 0
	}
	return float64(info.Size()) / 1e6
}

// archives returns the names of a program's archives.
func (r *release) archives(program string) []string {
	var names []string
	for _, platform := range platforms[program] {
		names = append(names, r.archive(program, platform))
	}
	return names
}

// documented returns the archives of a program and the documents beside them.
func (r *release) documented(program string) []string {
	names := r.archives(program)
	for _, name := range slices.Clone(names) {
		names = append(names, name+document)
	}
	return names
}

// document is the end of the name of an SPDX document, after that of its archive.
const document = ".spdx.json"

// checkNames compares the files with what a release has. goreleaser does not copy the
// manifest into its folder: it is there once it was downloaded.
func (r *release) checkNames(signed bool) error {
	want := append(r.documented(provider), r.documented(emulator)...)
	want = append(want, r.sums())
	if signed {
		want = append(want, r.sums()+".sig", r.manifest())
	}
	var err error
	for _, name := range want {
		if !slices.Contains(r.files, name) {
			err = errors.Join(err, fmt.Errorf("%s is missing", name))
		}
	}
	for _, name := range r.files {
		if !slices.Contains(want, name) {
			err = errors.Join(err, fmt.Errorf("%s does not belong to a release", name))
		}
	}
	return err
}

// checkSums checks that the checksums are those of the provider's files, and of no
// others: a registry takes what they name for the provider.
func (r *release) checkSums() error {
	content, err := os.ReadFile(r.path(r.sums()))
	if err != nil {
		return err
	}
	want := append(r.documented(provider), r.manifest())
	var listed []string
	for line := range strings.Lines(string(content)) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || !slices.Contains(want, name) {
			err = errors.Join(err, fmt.Errorf("%s has the line %q", r.sums(), line))
			continue
		}
		listed = append(listed, name)
		path := r.path(name)
		if _, missing := os.Stat(path); missing != nil && name == r.manifest() {
			path = manifestSource
		}
		got, failed := fileSum(path)
		if failed == nil && got != sum {
			failed = fmt.Errorf("%s does not have its checksum in %s", name, r.sums())
		}
		err = errors.Join(err, failed)
	}
	for _, name := range want {
		if !slices.Contains(listed, name) {
			err = errors.Join(err, fmt.Errorf("%s has no line for %s", r.sums(), name))
		}
	}
	return err
}

func fileSum(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// checkSame compares every file with that of another build.
func (r *release) checkSame(folder string) error {
	other, err := open(folder)
	if err != nil {
		return err
	}
	if !slices.Equal(r.files, other.files) {
		return fmt.Errorf("%s and %s have different files", r.folder, folder)
	}
	for _, name := range r.files {
		a, failed := fileSum(r.path(name))
		b, failedToo := fileSum(other.path(name))
		err = errors.Join(err, failed, failedToo)
		if a != b {
			err = errors.Join(err, fmt.Errorf("two builds of %s differ", name))
		}
	}
	return err
}
