package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spdx/tools-golang/json"

	"github.com/clarifai/terraform-provider-clarifai/tools/release/archive"
)

// pack returns the path of an archive with the program of this test.
func pack(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	path := filepath.Join(t.TempDir(), "program.zip")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z := zip.NewWriter(file)
	header := &zip.FileHeader{Name: "program"}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, program); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRun writes the document of a program twice and reads it with the library of
// the SPDX project.
func TestRun(t *testing.T) {
	t.Parallel()
	o := options{archive: pack(t), version: "1.2.3", created: "2026-11-25T20:00:00+01:00", output: filepath.Join(t.TempDir(), "a")}
	var written [2][]byte
	for i := range written {
		if err := run(o); err != nil {
			t.Fatal(err)
		}
		var err error
		if written[i], err = os.ReadFile(o.output); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(written[0], written[1]) {
		t.Error("two documents of one archive differ")
	}
	doc, err := json.Read(bytes.NewReader(written[0]))
	if err != nil {
		t.Fatal(err)
	}
	a, err := archive.Open(o.archive)
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for _, p := range doc.Packages[1:] {
		modules = append(modules, p.PackageName+"@"+p.PackageVersion)
	}
	slices.Sort(modules)
	if !slices.Equal(modules, a.Modules()) || !slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(m, "github.com/spdx/tools-golang@v") }) {
		t.Errorf("the document has %v, the program %v", modules, a.Modules())
	}
	if doc.CreationInfo.Created != "2026-11-25T19:00:00Z" || doc.Packages[0].PackageVersion != "1.2.3" {
		t.Errorf("%+v %+v", doc.CreationInfo, doc.Packages[0])
	}
	o.created = "today"
	if err := run(o); err == nil {
		t.Error("a time in another form is accepted")
	}
}
