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
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { cli.Main(m) }

// life is a workspace all of whose output is kept beside it.
type life struct {
	t  *testing.T
	w  *acctest.World
	ws *cli.Workspace
	n  int
}

func newLife(t *testing.T, w *acctest.World, ws *cli.Workspace) *life {
	t.Helper()
	l := &life{t: t, w: w, ws: ws}
	ws.Env = append(ws.Env, "TF_LOG=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+filepath.Join(ws.Dir, "trace.log"))
	return l
}

// run keeps what a run prints. JSON that is one document can hold keys that
// are stored; streams and text can not.
func (l *life) run(args ...string) cli.Result {
	l.t.Helper()
	r := l.ws.Run(args...)
	l.n++
	end := "out"
	if args[0] == "show" && slices.Contains(args, "-json") {
		end = "json"
	}
	for name, text := range map[string]string{end: r.Stdout, "err": r.Stderr} {
		file := fmt.Sprintf("%03d-%s.%s", l.n, args[0], name)
		if err := os.WriteFile(filepath.Join(l.ws.Dir, file), []byte(text), 0o600); err != nil {
			l.t.Fatal(err)
		}
	}
	return r
}

func (l *life) must(args ...string) cli.Result {
	l.t.Helper()
	r := l.run(args...)
	if r.Err != nil {
		l.t.Fatalf("%s: %v\n%s%s", r, r.Err, r.Stdout, r.Stderr)
	}
	return r
}

// change applies a configuration through a saved plan that is looked at in
// every way.
func (l *life) change(name, config string) {
	l.t.Helper()
	l.ws.Write("main.tf", config)
	l.must("plan", "-json", "-out="+name+".plan")
	l.must("show", "-no-color", name+".plan")
	l.must("show", "-json", name+".plan")
	l.must("apply", "-json", name+".plan")
	l.must("show", "-json")
}

// misfortune plans or applies a configuration while the API misbehaves. What
// comes of the run is not the question here.
func (l *life) misfortune(command, config string, faults ...emulator.Fault) {
	l.t.Helper()
	for _, f := range faults {
		l.w.Inject(f)
	}
	l.ws.Write("main.tf", config)
	args := []string{command, "-no-color"}
	if command == "apply" {
		args = append(args, "-auto-approve")
	}
	l.run(args...)
	l.w.ClearFaults()
}

// end looks at what there is and destroys all.
func (l *life) end() {
	l.t.Helper()
	l.must("show", "-no-color")
	l.must("output", "-no-color")
	l.must("state", "pull")
	if err := os.Rename(filepath.Join(l.ws.Dir, l.last("out")), filepath.Join(l.ws.Dir, "pulled.tfstate")); err != nil {
		l.t.Fatal(err)
	}
	l.must("plan", "-destroy", "-no-color")
	l.must("destroy", "-auto-approve", "-json")
}

func (l *life) last(end string) string {
	files, _ := filepath.Glob(filepath.Join(l.ws.Dir, fmt.Sprintf("%03d-*.%s", l.n, end)))
	if len(files) != 1 {
		l.t.Fatalf("%d files of the last run", len(files))
	}
	return filepath.Base(files[0])
}

// secrets are all that the emulator ever made.
func (l *life) secrets(stored bool) secrets {
	s := secrets{tokens: []string{l.w.PAT()}, stored: stored}
	for _, secret := range l.w.Secrets() {
		if secret != l.w.PAT() {
			s.keys = append(s.keys, secret)
		}
	}
	return s
}

// search is the test itself.
func (l *life) search(stored bool, atLeast int) []leak {
	l.t.Helper()
	s := l.secrets(stored)
	if len(s.keys) < atLeast {
		l.t.Errorf("only %d keys were made, so little is shown", len(s.keys))
	}
	if log, err := os.ReadFile(filepath.Join(l.ws.Dir, "trace.log")); err != nil || !strings.Contains(string(log), "Clarifai API request") {
		l.t.Errorf("the log has nothing of the provider's requests (%v)", err)
	}
	return s.searchDir(l.t, l.ws.Dir)
}

func (l *life) report(found []leak) {
	l.t.Helper()
	for i, leak := range found {
		if i == 20 {
			l.t.Errorf("and %d more", len(found)-i)
			return
		}
		l.t.Error(leak)
	}
}
