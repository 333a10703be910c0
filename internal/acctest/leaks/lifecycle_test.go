package leaks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// lifecycle is a workspace in which everything that the runs print is kept.
type lifecycle struct {
	t  *testing.T
	w  *acctest.World
	ws *clitest.Workspace
	n  int // runs so far
}

// newLifecycle returns a lifecycle whose runs log everything to a file.
func newLifecycle(t *testing.T, w *acctest.World, ws *clitest.Workspace) *lifecycle {
	t.Helper()
	l := &lifecycle{t: t, w: w, ws: ws}
	ws.Env = append(ws.Env, "TF_LOG=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+filepath.Join(ws.Dir, "trace.log"))
	return l
}

// run runs the CLI and keeps what it prints. The name of the file says whether it
// may contain stored keys: a JSON document may, streams and text may not.
func (l *lifecycle) run(args ...string) cli.Result {
	l.t.Helper()
	r := l.ws.Run(args...)
	l.n++
	end := "out"
	if args[0] == "show" && slices.Contains(args, "-json") {
		end = "json"
	}
	for name, text := range map[string]string{end: r.Stdout, "err": r.Stderr} {
		file := fmt.Sprintf("%03d-%s.%s", l.n, args[0], name)
		l.ws.Write(file, text)
	}
	return r
}

// must is run for a command that must succeed.
func (l *lifecycle) must(args ...string) cli.Result {
	l.t.Helper()
	r := l.run(args...)
	if r.Err != nil {
		l.t.Fatalf("%s: %v\n%s", r, r.Err, r.Output)
	}
	return r
}

// change applies a configuration with a saved plan, and shows plan and state in
// every format.
func (l *lifecycle) change(name string, config tenant) {
	l.t.Helper()
	l.write(config)
	l.must("plan", "-json", "-out="+name+".plan")
	l.must("show", "-no-color", name+".plan")
	l.must("show", "-json", name+".plan")
	l.must("apply", "-json", name+".plan")
	l.must("show", "-json")
}

// disrupt plans or applies a configuration while requests fail. Whether the run
// succeeds does not matter.
func (l *lifecycle) disrupt(command string, config tenant, faults ...emulator.Fault) {
	l.t.Helper()
	for _, f := range faults {
		l.w.Inject(f)
	}
	l.write(config)
	args := []string{command, "-no-color"}
	if command == "apply" {
		args = append(args, "-auto-approve")
	}
	l.run(args...)
	l.w.ClearFaults()
}

// end shows the state in every format and destroys everything.
func (l *lifecycle) end() {
	l.t.Helper()
	l.must("show", "-no-color")
	l.must("output", "-no-color")
	l.must("state", "pull")
	apitest.Must(l.t, os.Rename(filepath.Join(l.ws.Dir, l.last("out")), filepath.Join(l.ws.Dir, "pulled.tfstate")))
	l.must("plan", "-destroy", "-no-color")
	l.must("destroy", "-auto-approve", "-json")
}

// last returns the file of the last run with the given extension.
func (l *lifecycle) last(end string) string {
	files, _ := filepath.Glob(filepath.Join(l.ws.Dir, fmt.Sprintf("%03d-*.%s", l.n, end)))
	if len(files) != 1 {
		l.t.Fatalf("%d files of the last run", len(files))
	}
	return filepath.Base(files[0])
}

// secretsOf returns all secrets that the emulator ever created.
func secretsOf(w *acctest.World) secrets {
	isPAT := func(secret string) bool { return secret == w.PAT() }
	return secrets{tokens: []string{w.PAT()}, keys: slices.DeleteFunc(w.Secrets(), isPAT)}
}

// secrets are those, and whether and how the CLI stores them.
func (l *lifecycle) secrets(stored bool) secrets {
	s := secretsOf(l.w)
	s.stored, s.unmarked = stored, !l.ws.Release.Has("1.11.0", "1.12.0")
	return s
}

// search returns the leaks in the workspace. It fails the test if there were too
// few keys, or no log, to show anything.
func (l *lifecycle) search(stored bool, atLeast int) []leak {
	l.t.Helper()
	s := l.secrets(stored)
	if len(s.keys) < atLeast {
		l.t.Errorf("only %d keys were created, at least %d are expected", len(s.keys), atLeast)
	}
	if log, err := os.ReadFile(filepath.Join(l.ws.Dir, "trace.log")); err != nil || !strings.Contains(string(log), "Clarifai API request") {
		l.t.Errorf("the log has no requests of the provider (%v)", err)
	}
	return s.searchDir(l.t, l.ws.Dir)
}

// report fails the test for each leak.
func (l *lifecycle) report(found []leak) {
	l.t.Helper()
	for i, leak := range found {
		if i == 20 {
			l.t.Errorf("and %d more", len(found)-i)
			return
		}
		l.t.Error(leak)
	}
}
