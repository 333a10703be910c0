package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStartEmulatorFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "emulator")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho 'no such switch' >&2\nexit 2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"no such switch": program, "nothing-here": filepath.Join(dir, "nothing-here")} {
		if _, err := StartEmulator(t.Context(), EmulatorOptions{Program: path}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
