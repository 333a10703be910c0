package clitest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// built holds the folders of the programs by package, until Main ends.
var built struct {
	mu      sync.Mutex
	dir     string
	folders map[string]string
}

// Main is the TestMain of packages that build programs: it removes them.
func Main(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// Build compiles the program of a main package, once, and returns its path.
func Build(t testing.TB, pkg, name string) string {
	t.Helper()
	folder, err := build(pkg, name)
	apitest.Must(t, err)
	return filepath.Join(folder, name)
}

func build(pkg, name string) (string, error) {
	built.mu.Lock()
	defer built.mu.Unlock()
	if folder, ok := built.folders[pkg]; ok {
		return folder, nil
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "terraform-provider-clarifai-")
		if err != nil {
			return "", err
		}
		built.dir, built.folders = dir, map[string]string{}
	}
	folder := filepath.Join(built.dir, fmt.Sprint(len(built.folders)))
	// Not the context of the test: others wait for the same program.
	if err := cli.Build(context.Background(), "", pkg, filepath.Join(folder, name)); err != nil {
		return "", err
	}
	built.folders[pkg] = folder
	return folder, nil
}
