package guides

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
)

// archives puts the archives of a release for this platform into a folder.
func archives(t *testing.T, folder string) {
	t.Helper()
	for id, program := range map[string]string{
		"provider": clitest.Build(t, clitest.Module, "terraform-provider-clarifai"),
		"emulator": clitest.Build(t, clitest.Module+"/cmd/clarifai-emulator", "clarifai-emulator"),
	} {
		name := filepath.Base(program)
		if id == "provider" {
			name += "_v0.0.1"
		}
		must(t, pack(program, name, filepath.Join(folder, archiveName(t, id))))
	}
}

// archiveName returns the name that .goreleaser.yml gives an archive of version
// 0.0.1 for this platform.
func archiveName(t *testing.T, id string) string {
	t.Helper()
	_, archives, _ := strings.Cut(read(t, "../../../.goreleaser.yml"), "\narchives:\n")
	m := regexp.MustCompile(`(?s)- id: ` + id + `\n.*?formats: \[zip\]\n\s+name_template: "([^"]+)"`).FindStringSubmatch(archives)
	if m == nil {
		t.Fatalf("no archive %q", id)
	}
	return strings.NewReplacer("{{ .ProjectName }}", "terraform-provider-clarifai", "{{ .Version }}", "0.0.1",
		"{{ .Os }}", runtime.GOOS, "{{ .Arch }}", runtime.GOARCH).Replace(m[1]) + ".zip"
}

// pack puts a program into an archive, without compressing it.
func pack(program, name, archive string) (err error) {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	file, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	z := zip.NewWriter(file)
	header := &zip.FileHeader{Name: name, Method: zip.Store}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return errors.Join(err, z.Close())
}
