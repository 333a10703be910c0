// Package scripts tests the shell scripts of make and .ci.
package scripts

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

const (
	script   = "../../.ci/check-release"
	provider = "terraform-provider-clarifai_1.2.3_"
	emulator = "clarifai-emulator_1.2.3_"
	sums     = provider + "SHA256SUMS"
)

// release writes a signed release whose files have their names as content, but for
// the manifest.
func release(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	var listed strings.Builder
	write := func(name, text string) {
		apitest.Must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
		if strings.HasPrefix(name, provider) {
			fmt.Fprintf(&listed, "%x  %s\n", sha256.Sum256([]byte(text)), name)
		}
	}
	manifest, err := os.ReadFile("../../terraform-registry-manifest.json")
	apitest.Must(t, err)
	write(provider+"manifest.json", string(manifest))
	for _, prefix := range []string{provider, emulator} {
		platforms := "darwin_amd64 darwin_arm64 linux_amd64 linux_arm64 windows_amd64 windows_arm64"
		if prefix == provider {
			platforms += " freebsd_386 freebsd_amd64 freebsd_arm freebsd_arm64 linux_386 linux_arm linux_s390x windows_386"
		}
		for platform := range strings.FieldsSeq(platforms) {
			write(prefix+platform+".zip", prefix+platform)
			write(prefix+platform+".zip.cdx.json", "{}")
		}
	}
	write("metadata.json", "of goreleaser")
	text := listed.String()
	write(sums, text)
	write(sums+".sig", "")
	return folder
}

// TestCheckRelease breaks the names and the checksums of a release. What is in the
// archives is checked where there are some: make release-check.
func TestCheckRelease(t *testing.T) {
	t.Parallel()
	write := func(name, text string) func(string) error {
		return func(folder string) error { return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600) }
	}
	remove := func(name string) func(string) error {
		return func(folder string) error { return os.Remove(filepath.Join(folder, name)) }
	}
	for name, c := range map[string]struct {
		change func(folder string) error
		want   string
	}{
		"complete":                 {func(string) error { return nil }, ""},
		"an archive is missing":    {remove(provider + "linux_s390x.zip"), "linux_s390x.zip is missing"},
		"no document":              {remove(emulator + "linux_arm64.zip.cdx.json"), "linux_arm64.zip.cdx.json is missing"},
		"no signature":             {remove(sums + ".sig"), "SHA256SUMS.sig is missing"},
		"another file":             {write("notes.txt", ""), "notes.txt does not belong"},
		"an archive was changed":   {write(provider+"linux_amd64.zip", ""), "does not fit the files"},
		"the manifest was changed": {write(provider+"manifest.json", "{}"), "does not name protocol 6.0"},
		"no checksums":             {write(sums, ""), "names other files than"},
		"no release":               {remove(sums), "one file of checksums"},
		"the emulator has a checksum": {func(folder string) error {
			content, err := os.ReadFile(filepath.Join(folder, sums))
			if err != nil {
				return err
			}
			name := emulator + "linux_amd64.zip"
			return write(sums, fmt.Sprintf("%s%x  %s\n", content, sha256.Sum256([]byte(strings.TrimSuffix(name, ".zip"))), name))(folder)
		}, "names other files than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := release(t)
			apitest.Must(t, c.change(folder))
			cmd := exec.CommandContext(t.Context(), "bash", script, folder)
			cmd.Env = append(os.Environ(), "SIGNED=1")
			out, err := cmd.CombinedOutput()
			var problems []string
			for line := range strings.Lines(string(out)) {
				// The signature is that of nobody.
				if strings.HasPrefix(line, "check-release: ") && !strings.Contains(line, "signature") {
					problems = append(problems, line)
				}
			}
			found := strings.Join(problems, "")
			if err == nil || (c.want == "") != (found == "") || !strings.Contains(found, c.want) {
				t.Errorf("%v, want %q in\n%s", err, c.want, out)
			}
		})
	}
}
