package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	account = "bench"
	pat     = "0123456789abcdef0123456789abcdef" // of the emulator only
)

// emulator is a running emulator in a process of its own.
type emulator struct {
	url string
	cmd *exec.Cmd
}

// startEmulator starts one that refuses more than rps requests a second (0: no
// limit) and keeps what it holds in a file, unless that is "".
func startEmulator(ctx context.Context, program, folder string, rps int, state string) (*emulator, error) {
	ready := filepath.Join(folder, "emulator.ready")
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	args := []string{"-listen", "127.0.0.1:0", "-ready-file", ready, "-rps", strconv.Itoa(rps), "-user", account, "-pat", pat}
	if state != "" {
		args = append(args, "-state", state)
	}
	e := &emulator{cmd: exec.CommandContext(ctx, program, args...)}
	e.cmd.Stderr = os.Stderr
	if err := e.cmd.Start(); err != nil {
		return nil, err
	}
	for range 300 {
		if content, err := os.ReadFile(ready); err == nil {
			e.url = strings.TrimSpace(string(content))
			return e, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.Join(errors.New("the emulator does not start"), e.stop())
}

func (e *emulator) stop() error {
	if err := e.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return e.cmd.Wait()
}

// stats is what the emulator counted.
type stats struct {
	Requests  int            `json:"requests"`
	ByMethod  map[string]int `json:"by_method"`
	Throttled int            `json:"throttled"`
	Apps      int            `json:"apps"`
	Keys      int            `json:"keys"`
	KeysInURL int            `json:"keys_in_urls"`
}

// since is what came after before.
func (s stats) since(before stats) stats {
	by := map[string]int{}
	for method, n := range s.ByMethod {
		if n -= before.ByMethod[method]; n > 0 {
			by[method] = n
		}
	}
	s.ByMethod = by
	s.Requests -= before.Requests
	s.Throttled -= before.Throttled
	s.KeysInURL -= before.KeysInURL
	return s
}

func (e *emulator) stats(ctx context.Context) (stats, error) {
	var s stats
	return s, e.control(ctx, http.MethodGet, "stats", nil, &s)
}

// seed makes apps with keys of three scopes.
func (e *emulator) seed(ctx context.Context, apps, keysPerApp int) error {
	return e.control(ctx, http.MethodPost, "seed", map[string]int{"apps": apps, "keys_per_app": keysPerApp, "scopes": 3}, &struct{}{})
}

func (e *emulator) control(ctx context.Context, verb, what string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, verb, e.url+"/_emulator/"+what, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the emulator's %s: %s: %s", what, resp.Status, answer)
	}
	return json.Unmarshal(answer, into)
}
