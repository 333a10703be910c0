// Package archive reads the archives of a release.
package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Archive is a zip file of a release with one Go program in it.
type Archive struct {
	Program string   // name of the program in the archive
	Files   []string // names of all files, sorted
	Info    *buildinfo.BuildInfo

	content []byte
}

// maxProgram is far more than any program of a release has.
const maxProgram = 256 << 20

// Open reads an archive.
func Open(path string) (*Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	a := &Archive{}
	for _, f := range z.File {
		a.Files = append(a.Files, f.Name)
		if f.Mode()&0o111 == 0 {
			continue
		}
		if a.Program != "" {
			return nil, fmt.Errorf("%s has two programs: %s and %s", path, a.Program, f.Name)
		}
		a.Program = f.Name
		if a.content, err = read(f); err != nil {
			return nil, fmt.Errorf("reading %s in %s: %w", f.Name, path, err)
		}
	}
	slices.Sort(a.Files)
	if a.Program == "" {
		return nil, fmt.Errorf("%s has no program", path)
	}
	if a.Info, err = buildinfo.Read(bytes.NewReader(a.content)); err != nil {
		return nil, fmt.Errorf("%s in %s: %w", a.Program, path, err)
	}
	return a, nil
}

func read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, maxProgram+1))
	if err == nil && len(content) > maxProgram {
		err = errors.New("the program is too large")
	}
	return content, err
}

// Setting returns a setting of the build, such as GOOS, or "".
func (a *Archive) Setting(key string) string {
	for _, s := range a.Info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// Modules returns the modules in the program other than its own, as path@version,
// sorted. The standard library is one of them.
func (a *Archive) Modules() []string {
	modules := []string{"stdlib@" + strings.TrimPrefix(a.Info.GoVersion, "go")}
	for _, d := range a.Info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		modules = append(modules, d.Path+"@"+d.Version)
	}
	slices.Sort(modules)
	return modules
}

// Extract writes the program to a file.
func (a *Archive) Extract(path string) error {
	return os.WriteFile(path, a.content, 0o700) // #nosec G306 -- a program to run
}

// Sum returns the SHA-256 of the program in hexadecimal digits.
func (a *Archive) Sum() string {
	sum := sha256.Sum256(a.content)
	return hex.EncodeToString(sum[:])
}
