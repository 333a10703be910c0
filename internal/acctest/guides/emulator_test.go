package guides

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// withoutAccount removes what the workspace of a test knows of an emulator.
func withoutAccount(t *testing.T) *clitest.Workspace {
	t.Helper()
	ws := clitest.New(t, acctest.Start(t, emulator.Options{}))
	var env []string
	for _, v := range ws.Env {
		if !strings.HasPrefix(v, "CLARIFAI_") {
			env = append(env, v)
		}
	}
	ws.Env = env
	return ws
}

// runInBackground runs commands that leave the emulator running, until the end of
// the test.
func (g *guide) runInBackground(ws *clitest.Workspace, heading string) {
	g.t.Helper()
	commands := strings.Replace(g.take(heading, "shell"), "&\n", "&\necho $! >emulator.pid\n", 1)
	g.t.Cleanup(func() {
		if pid, err := strconv.Atoi(strings.TrimSpace(string(ws.Read("emulator.pid")))); err == nil {
			if p, err := os.FindProcess(pid); err == nil {
				p.Kill()
			}
		}
	})
	if output, code := g.bash(ws, commands); code != 0 {
		g.t.Fatalf("%s: exit code %d\n%s", heading, code, output)
	}
}

// A reader gets a key from the archives of a release and an empty folder.
func TestAccGuide_gettingStarted(t *testing.T) {
	t.Parallel()
	ws := withoutAccount(t)
	ws.Release.SkipBelow(t, "1.5.0", "1.6.0")
	archive := func(id string) string {
		return filepath.Join(ws.Dir, releaseArchive(t, id, "0.0.1"))
	}
	pack(t, clitest.Build(t, clitest.Module, "terraform-provider-clarifai"), "terraform-provider-clarifai_v0.0.1", archive("provider"))
	pack(t, clitest.Build(t, clitest.Module+"/cmd/clarifai-emulator", "clarifai-emulator"), "clarifai-emulator", archive("emulator"))

	g := open(t, "getting-started.md")
	g.run(ws, "Get the programs")
	g.runInBackground(ws, "Start the emulator")
	settings := g.take("Start the emulator", "shell")
	run := func(heading string) string {
		t.Helper()
		output, code := g.bash(ws, settings+g.take(heading, "shell"))
		if code != 0 {
			t.Fatalf("%s: exit code %d\n%s", heading, code, output)
		}
		return output
	}
	g.write(ws, "Create a key")
	output := run("Create a key")
	if !regexp.MustCompile(`2 added, 0 changed, 0 destroyed(?s:.*)\n?[0-9a-f]{32}$`).MatchString(output) {
		t.Errorf("no key at the end:\n%s", output)
	}
	if _, applied, _ := strings.Cut(output, "successfully initialized"); strings.Contains(applied, "Warning") {
		t.Errorf("the first apply warns:\n%s", output)
	}
	if output := run("Change it"); !strings.Contains(output, "must be replaced") || !strings.Contains(output, "1 to add, 0 to change, 1 to destroy") {
		t.Errorf("the plan does not replace the key:\n%s", output)
	}
	if output := run("Clean up"); !strings.Contains(output, "2 destroyed") {
		t.Errorf("not everything is destroyed:\n%s", output)
	}
}

// A module is tested with the emulator: by terraform test, mocked, with faults and
// in a large account.
func TestAccGuide_testing(t *testing.T) {
	t.Parallel()
	ws := withoutAccount(t)
	ws.Release.SkipBelow(t, "1.7.0", "1.8.0")
	g := open(t, "testing.md")
	g.programs = filepath.Dir(clitest.Build(t, clitest.Module+"/cmd/clarifai-emulator", "clarifai-emulator"))
	g.write(ws, "")
	g.runInBackground(ws, "Start the emulator")
	says := func(heading string, texts ...string) {
		t.Helper()
		output := g.run(ws, heading)
		for _, text := range texts {
			if !strings.Contains(output, text) {
				t.Errorf("%s: no %q in\n%s", heading, text, output)
			}
		}
	}
	says("Start the emulator", " 0 apps", " 0 requests")
	g.write(ws, "Test with the emulator")
	says("Test with the emulator", "3 passed, 0 failed", " 0 apps", " 0 keys")
	g.write(ws, "Test without any API")
	says("Test without any API", "1 passed, 0 failed")
	says("Make it fail", "2 added", " 1 apps", " 1 keys", "3 throttled")
	g.pass("Drift", "shell") // curl may be missing
	says("Large accounts", "101 apps", "1001 keys")
	says("Where Clarifai's behaviour is not documented", "scopes=expanded")
	g.pass("The control API", "shell") // curl may be missing
}

// releaseArchive returns the name that .goreleaser.yml gives an archive of this
// platform.
func releaseArchive(t *testing.T, id, version string) string {
	t.Helper()
	text := read(t, "../../../.goreleaser.yml")
	_, archives, _ := strings.Cut(text, "\narchives:\n")
	m := regexp.MustCompile(`(?s)- id: ` + id + `\n.*?formats: \[(\w+)\]\n\s+name_template: "([^"]+)"`).FindStringSubmatch(archives)
	if m == nil {
		t.Fatalf("no archive %q", id)
	}
	name := strings.NewReplacer("{{ .ProjectName }}", "terraform-provider-clarifai", "{{ .Version }}", version,
		"{{ .Os }}", runtime.GOOS, "{{ .Arch }}", runtime.GOARCH).Replace(m[2])
	if m[1] != "zip" || strings.Contains(name, "{") {
		t.Fatalf("pack cannot make %s.%s", name, m[1])
	}
	return name + ".zip"
}

// pack puts a program into an archive, as a release does.
func pack(t *testing.T, program, name, archive string) {
	t.Helper()
	if err := writeArchive(program, name, archive); err != nil {
		t.Fatal(err)
	}
}

func writeArchive(program, name, archive string) (err error) {
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
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return errors.Join(err, z.Close())
}
