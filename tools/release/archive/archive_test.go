package archive

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpen_invalid opens archives that are none of a release. Those that are
// are tested with the documents made of them.
func TestOpen_invalid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]os.FileMode
		want  string
	}{
		"no program":   {map[string]os.FileMode{"LICENSE": 0o644}, "no program"},
		"two programs": {map[string]os.FileMode{"a": 0o755, "b": 0o755}, "two programs"},
		"no Go":        {map[string]os.FileMode{"a": 0o755}, "a in "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "archive.zip")
			file, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			z := zip.NewWriter(file)
			for name, mode := range c.files {
				header := &zip.FileHeader{Name: name}
				header.SetMode(mode)
				if _, err := z.CreateHeader(header); err != nil {
					t.Fatal(err)
				}
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.zip")); err == nil {
		t.Error("an archive that does not exist is opened")
	}
}
