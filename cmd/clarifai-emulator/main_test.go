package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// asProgram is an environment variable that makes the test binary run the program.
const asProgram = "CLARIFAI_EMULATOR_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// started is a running program and the environment it printed.
type started struct {
	cmd             *exec.Cmd
	base, user, pat string
}

func start(t *testing.T, args ...string) started {
	t.Helper()
	self, err := os.Executable()
	apitest.Must(t, err)
	s := started{cmd: exec.Command(self, append([]string{"-listen", "127.0.0.1:0"}, args...)...)}
	s.cmd.Env = append(os.Environ(), asProgram+"=1")
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	apitest.Must(t, err)
	apitest.Must(t, s.cmd.Start())
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no export line: %v", err)
	}
	words := strings.Fields(line)
	if len(words) != 4 || words[0] != "export" {
		t.Fatalf("printed %q", line)
	}
	for i, into := range []*string{&s.base, &s.user, &s.pat} {
		_, *into, _ = strings.Cut(words[i+1], "=")
	}
	return s
}

func (s started) do(t *testing.T, verb, path, body string) string {
	t.Helper()
	req, err := http.NewRequest(verb, s.base+path, strings.NewReader(body))
	apitest.Must(t, err)
	req.Header.Set("Authorization", "Key "+s.pat)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	apitest.Must(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %v, %s", verb, path, err, raw)
	}
	return string(raw)
}

func TestStateSurvivesAKill(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "state")
	first := start(t, "-state", state, "-user", "alice")
	first.do(t, "POST", "/v2/users/me/apps", `{"apps":[{"id":"a"},{"id":"b"}]}`)
	created := first.do(t, "POST", "/v2/users/me/keys", `{"keys":[{"apps":[{"id":"a","user_id":"alice"}],"scopes":["All"]}]}`)
	first.do(t, "DELETE", "/v2/users/me/apps/b", "")
	apitest.Must(t, first.cmd.Process.Kill())
	first.cmd.Wait()

	info, err := os.Stat(state)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("state file: %v, %v", info, err)
	}
	second := start(t, "-state", state)
	apitest.Equal(t, second.user, "alice", "user")
	apitest.Equal(t, second.pat == first.pat, true, "same token")
	listed := second.do(t, "GET", "/v2/users/me/apps/a/keys", "")
	_, secret, _ := strings.Cut(created, `"id":"`)
	if secret, _, _ = strings.Cut(secret, `"`); !strings.Contains(listed, secret) {
		t.Error("the key is missing")
	}
	apitest.SaysNot(t, second.do(t, "GET", "/v2/users/me/apps", ""), `"b"`)
}

func TestStopsOnInterrupt(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	p := start(t, "-ready-file", ready, "-switch", "scope_names=underscore")
	p.do(t, "GET", "/v2/users/me", "")
	apitest.Must(t, p.cmd.Process.Signal(os.Interrupt))
	apitest.Must(t, p.cmd.Wait())
	if url, err := os.ReadFile(ready); err != nil || string(url) != p.base+"\n" {
		t.Errorf("ready file: %q, %v", url, err)
	}
}

func TestBadFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, "-allow-remote"},
		{[]string{"-listen", ":0"}, "-allow-remote"},
		{[]string{"-listen", "nonsense"}, "-listen"},
		{[]string{"-pat", "not-hexadecimal"}, "32 hexadecimal digits"},
		{[]string{"-user", "me"}, "-user"},
		{[]string{"-rps", "-1"}, "-rps"},
		{[]string{"-latency", "-1s"}, "-latency"},
		{[]string{"-latency", "soon"}, "-latency"},
		{[]string{"-retry-after", "later"}, "-retry-after"},
		{[]string{"-switch", "scopes"}, "name=value"},
		{[]string{"-switch", "scopes=sideways"}, "stored, expanded, refused"},
		{[]string{"-switch", "rename_lag=soon"}, "or any other duration from 0"},
		{[]string{"-switch", "page_cap=-1"}, "or any other number from 0"},
		{[]string{"-switch", "color=red"}, "there is no switch"},
		{[]string{"-color"}, "-color"},
		{[]string{"serve"}, `unknown command "serve"; -h lists the commands`},
		{[]string{"-rps", "3", "seed"}, `"seed" must come before the flags`},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), c.args, &stdout, &stderr)
		if code != exitUsage || !strings.Contains(stderr.String(), c.want) || stdout.Len() > 0 {
			t.Errorf("%v: exit %d, %q, %q; want %q", c.args, code, &stdout, &stderr, c.want)
		}
		if strings.Contains(stderr.String(), "not-hexadecimal") {
			t.Errorf("%q contains the token", &stderr)
		}
	}
}

func TestHelpAndBadState(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	if code := run(context.Background(), []string{"-h"}, io.Discard, &stderr); code != 0 || !strings.Contains(stderr.String(), "-state") {
		t.Errorf("help: exit %d, %s", code, &stderr)
	}
	var stdout bytes.Buffer
	if code := run(context.Background(), []string{"-version"}, &stdout, &stderr); code != 0 || stdout.String() != "clarifai-emulator dev\n" {
		t.Errorf("version: exit %d, %s", code, &stdout)
	}
	stderr.Reset()
	state := filepath.Join(t.TempDir(), "state")
	apitest.Must(t, os.WriteFile(state, []byte("{}"), 0o600))
	code := run(context.Background(), []string{"-listen", "127.0.0.1:0", "-state", state}, io.Discard, &stderr)
	if code != exitFailure || !strings.Contains(stderr.String(), "reading the state") {
		t.Errorf("bad state: exit %d, %s", code, &stderr)
	}
}

func TestAllowRemote(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", ":0", "-allow-remote", "-rps", "3", "-latency", "1ms",
			"-switch", "rename_lag=1500ms", "-switch", "page_cap=5"}, writer, io.Discard)
	}()
	apitest.Must(t, apitest.Err(bufio.NewReader(reader).ReadString('\n')))
	cancel()
	apitest.Equal(t, <-ended, 0, "exit code")
}
