package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fake writes a release whose files have their names as content, and returns it.
func fake(t *testing.T) *release {
	t.Helper()
	r := &release{folder: t.TempDir(), version: "1.2.3"}
	var sums strings.Builder
	write := func(name, text string) {
		if err := os.WriteFile(r.path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range append(r.documented(provider), r.manifest()) {
		write(name, name)
		sum, err := fileSum(r.path(name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, name)
	}
	for _, name := range append(r.documented(emulator), r.sums()+".sig") {
		write(name, name)
	}
	write(r.sums(), sums.String())
	write("metadata.json", "of goreleaser")
	opened, err := open(r.folder)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestNamesAndSums(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change func(r *release) error
		want   string
	}{
		"complete":               {func(*release) error { return nil }, ""},
		"an archive is missing":  {func(r *release) error { return os.Remove(r.path(r.archive(provider, "linux_s390x"))) }, "linux_s390x.zip is missing"},
		"no document":            {func(r *release) error { return os.Remove(r.path(r.archive(emulator, "linux_arm64") + document)) }, "linux_arm64.zip.spdx.json is missing"},
		"another file":           {func(r *release) error { return os.WriteFile(r.path("notes.txt"), nil, 0o600) }, "notes.txt does not belong"},
		"an archive was changed": {func(r *release) error { return os.WriteFile(r.path(r.archive(provider, "linux_amd64")), nil, 0o600) }, "linux_amd64.zip does not have its checksum"},
		"the emulator has a checksum": {func(r *release) error {
			content, err := os.ReadFile(r.path(r.sums()))
			if err != nil {
				return err
			}
			return os.WriteFile(r.path(r.sums()), append(content, ("0  "+r.archive(emulator, "linux_amd64")+"\n")...), 0o600)
		}, "has the line"},
		"no checksums": {func(r *release) error { return os.WriteFile(r.path(r.sums()), nil, 0o600) }, "has no line for"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := fake(t)
			if err := c.change(r); err != nil {
				t.Fatal(err)
			}
			r, err := open(r.folder)
			if err != nil {
				t.Fatal(err)
			}
			var found string
			for _, err := range []error{r.checkNames(true), r.checkSums()} {
				if err != nil {
					found += err.Error()
				}
			}
			if (c.want == "") != (found == "") || !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	a, b := fake(t), fake(t)
	if err := a.checkSame(b.folder); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(b.path(b.archive(provider, "linux_arm")), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.checkSame(b.folder); err == nil || !strings.Contains(err.Error(), "linux_arm.zip differ") {
		t.Errorf("two archives differ: %v", err)
	}
	if err := a.checkSame(filepath.Join(a.folder, "none")); err == nil {
		t.Error("a folder without a release is accepted")
	}
}
