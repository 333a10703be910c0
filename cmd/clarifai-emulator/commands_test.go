package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// ran is what a command printed and its exit code.
type ran struct {
	stdout, stderr string
	code           int
}

// runOn runs a command with the emulator at a URL.
func runOn(t *testing.T, url string, args ...string) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), append([]string{args[0], "-url", url}, args[1:]...), &stdout, &stderr)
	return ran{stdout.String(), stderr.String(), code}
}

// serveEmulator serves an emulator until the test ends and returns its URL.
func serveEmulator(t *testing.T) (*emulator.Emulator, string) {
	t.Helper()
	e := emulator.New(emulator.Options{})
	return e, apitest.Serve(t, e)
}

func TestCommands(t *testing.T) {
	t.Parallel()
	e, url := serveEmulator(t)
	send := func(path string) int {
		req, err := http.NewRequest("GET", url+path, nil)
		apitest.Must(t, err)
		req.Header.Set("Authorization", "Key "+e.PAT())
		resp, err := http.DefaultClient.Do(req)
		apitest.Must(t, err)
		resp.Body.Close()
		return resp.StatusCode
	}
	succeeds := func(want string, args ...string) {
		t.Helper()
		if r := runOn(t, url, args...); r.code != 0 || r.stderr != "" || !strings.Contains(r.stdout, want) {
			t.Errorf("%v: exit %d, %q, %q; want %q", args, r.code, r.stdout, r.stderr, want)
		}
	}

	succeeds("3 apps and 6 keys", "seed", "-apps", "3", "-keys", "2", "-scopes", "5")
	apitest.Equal(t, len(e.Keys(e.UserID(), "seed-00003")[1].Scopes), 5, "scopes of a key")
	apitest.Equal(t, e.LiveApps(), 3, "living apps")
	apitest.Equal(t, e.LiveKeys(), 6, "living keys")
	succeeds("The next 2 requests after 1 others of GetUser: status.", "faults", "-kind", "status", "-method", "GetUser",
		"-http-status", "503", "-times", "2", "-skip", "1")
	for i, want := range []int{200, 503, 503, 200} {
		apitest.Equal(t, send("/v2/users/me"), want, "HTTP status of request", i+1)
	}
	succeeds("Every request of any method: latency.", "faults", "-kind", "latency", "-latency", "1h", "-times", "-1")
	succeeds("No fault is left.", "faults", "-clear")
	send("/v2/users/me/apps")

	succeeds("     3 apps\n     6 keys\n     5 requests\n         4 GetUser\n         1 ListApps\n     0 throttled\n", "stats")
	var s emulator.Stats
	if err := json.Unmarshal([]byte(runOn(t, url, "stats", "-json").stdout), &s); err != nil || s.Requests != 5 {
		t.Errorf("stats in JSON: %+v, %v", s, err)
	}
	succeeds("zero", "reset")
	succeeds("     0 requests\n", "stats")

	succeeds("scopes=expanded, page_cap=5; the other", "switches", "scopes=expanded", "page_cap=5")
	succeeds("defaults", "switches")
}

func TestCommandErrors(t *testing.T) {
	t.Parallel()
	_, url := serveEmulator(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	other := apitest.Serve(t, apitest.Reply(200, apitest.HTMLPage))
	redirected := apitest.Serve(t, http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect))
	for _, c := range []struct {
		url  string
		args []string
		code int
		want string
	}{
		{gone.URL, []string{"stats"}, exitFailure, `no emulator answers at ` + gone.URL},
		{gone.URL, []string{"stats"}, exitFailure, `Start one with "clarifai-emulator", or give its URL with -url or CLARIFAI_API_BASE`},
		{other, []string{"stats"}, exitFailure, "is not a clarifai-emulator"},
		{redirected, []string{"reset"}, exitFailure, "is not a clarifai-emulator of this version: HTTP 307"},
		{"127.0.0.1:8080", []string{"stats"}, exitFailure, "must look like http://127.0.0.1:8080"},
		{url, []string{"faults"}, exitUsage, "cut_after, cut_before"},
		{url, []string{"faults", "-kind", "sulk"}, exitFailure, `unknown kind of fault "sulk"; the kinds are cut_after, cut_before`},
		{url, []string{"faults", "-kind", "status", "-method", "PostKey"}, exitFailure, `unknown method "PostKey"; the methods are DeleteApp, `},
		{url, []string{"faults", "-kind", "status", "-http-status", "99"}, exitFailure, "must be between 200 and 599"},
		{url, []string{"faults", "-kind", "cut_then_work", "-latency", "-1s"}, exitFailure, "must not be negative"},
		{url, []string{"seed", "-apps", "-1"}, exitFailure, "must not be negative"},
		{url, []string{"seed", "five"}, exitUsage, `unexpected argument "five"`},
		{url, []string{"seed", "-frobs", "1"}, exitUsage, "-frobs"},
		{url, []string{"switches", "scopes"}, exitUsage, "name=value"},
		{url, []string{"switches", "color=red"}, exitUsage, `there is no switch "color"; the switches are scopes, `},
	} {
		r := runOn(t, c.url, c.args...)
		if r.code != c.code || !strings.Contains(r.stderr, c.want) || r.stdout != "" {
			t.Errorf("%v: exit %d, %q, %q; want exit %d, %q", c.args, r.code, r.stdout, r.stderr, c.code, c.want)
		}
	}
}

func TestCommandHelp(t *testing.T) {
	t.Parallel()
	var program bytes.Buffer
	run(t.Context(), []string{"-h"}, &program, &program)
	apitest.Says(t, program.String(), "/_emulator/stats", "/_emulator/reset", "/_emulator/faults", "/_emulator/switches", "/_emulator/seed")
	for _, c := range commands {
		apitest.Says(t, program.String(), "  "+c.name+" ")
		var stderr bytes.Buffer
		if code := run(t.Context(), []string{c.name, "-h"}, &stderr, &stderr); code != 0 || !strings.Contains(stderr.String(), "-url") {
			t.Errorf("help of %s: exit %d, %s", c.name, code, &stderr)
		}
		for _, kind := range emulator.FaultKinds() {
			if c.name == "faults" && !strings.Contains(stderr.String(), "\n  "+kind+" ") {
				t.Errorf("-h does not explain the fault %s:\n%s", kind, stderr.String())
			}
		}
		if c.name == "switches" && !strings.Contains(stderr.String(), "stored, expanded, refused") {
			t.Errorf("-h does not list the switches:\n%s", stderr.String())
		}
	}
}

func TestCommandUsesEnvironment(t *testing.T) {
	t.Parallel()
	_, url := serveEmulator(t)
	self, err := os.Executable()
	apitest.Must(t, err)
	cmd := exec.Command(self, "seed", "-apps", "1", "-keys", "1")
	cmd.Env = append(os.Environ(), asProgram+"=1", "CLARIFAI_API_BASE="+url)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "The emulator holds 1 apps and 1 keys.\n" {
		t.Errorf("%v: %s", err, out)
	}
}
