package emulator

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// open opens an emulator that keeps its state in a file.
func open(t *testing.T, path string, o Options) *Emulator {
	t.Helper()
	e, err := Open(path, o)
	apitest.Must(t, err)
	t.Cleanup(func() { e.Close() })
	return e
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	apitest.Must(t, err)
	return string(content)
}

func TestStateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	b := serve(t, open(t, path, Options{UserID: "u"}))
	b.app("a", "metadata", object{"k": []any{"v"}})
	b.key("a", "All")
	b.app("c")
	b.ok("DELETE", "/v2/users/u/apps/c", nil)
	b.e.AddOrganization("org", "u")
	apitest.Must(t, b.e.RenameApp("u", "a", "b"))
	saved := contentOf(t, path)
	again := serve(t, open(t, path, Options{Switches: Switches{RenameOld: "moved"}}))
	if again.pat != b.pat || again.e.UserID() != "u" || again.e.LiveKeys() != 1 || again.e.LiveApps() != 1 || contentOf(t, path) != saved {
		t.Errorf("%d keys and %d apps of %s:\n%s\n%s", again.e.LiveKeys(), again.e.LiveApps(), again.e.UserID(), saved, contentOf(t, path))
	}
	again.ok("GET", "/v2/users/org/apps", nil)
	again.fails("GET", "/v2/users/u/apps/a", nil, refusal{307, codeMoved})
	pat := NewSecret()
	if third := open(t, path, Options{PAT: pat}); third.UserID() != "u" || third.PAT() != pat || third.LiveApps() != 1 {
		t.Errorf("%d apps of %s", third.LiveApps(), third.UserID())
	}
	for _, bad := range []string{"", "{}", `{"frob":1}`, `[{"user":{"id":"u"}}]`, "nonsense", saved[:len(saved)-9]} {
		if err := again.e.Load(strings.NewReader(bad)); err == nil || again.e.LiveKeys() != 1 {
			t.Errorf("loaded %q: %v", bad, err)
		}
	}
}

// TestStateFileHoldsWhatWasAnswered sends requests that share writes.
func TestStateFileHoldsWhatWasAnswered(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	b := serve(t, open(t, path, Options{UserID: "u"}))
	b.app("a")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				g, err := b.send("POST", "/v2/users/u/keys", keyBody("a"))
				if err != nil || g.code() != codeSuccess {
					t.Errorf("%v, %s", err, g.raw)
					return
				}
				content, err := os.ReadFile(path)
				if id := g.list("keys")[0]["id"].(string); err != nil || !strings.Contains(string(content), id) {
					t.Errorf("the file lacks a key whose creation was answered: %v", err)
				}
			}
		})
	}
	all.Wait()
}

func TestFailedWriteIsAnError(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "folder")
	path := filepath.Join(folder, "state")
	mkdir := func() {
		apitest.Must(t, os.Mkdir(folder, 0o700))
	}
	mkdir()
	b := serve(t, open(t, path, Options{UserID: "u"}))
	apitest.Must(t, os.RemoveAll(folder))
	if err := b.e.PutApp(App{ID: "a", UserID: "u"}); err == nil {
		t.Error("no error")
	}
	b.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{500, codeInternal})
	mkdir()
	if err := b.e.Close(); err != nil || !strings.Contains(contentOf(t, path), b.e.Keys("u", "a")[0].ID) {
		t.Errorf("the file lacks what could not be written before: %v", err)
	}
}
