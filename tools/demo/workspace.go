package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// workspace is a copy of the example with a CLI that uses the local provider.
type workspace struct {
	cli string
	dir string
	env []string
}

const cliConfig = `provider_installation {
  dev_overrides {
    "registry.terraform.io/clarifai/clarifai" = %[1]q
    "registry.opentofu.org/clarifai/clarifai" = %[1]q
  }
  direct {}
}
`

func newWorkspace(o options, dir string, e *emulator) (*workspace, error) {
	provider, err := filepath.Abs(o.providerDir)
	if err != nil {
		return nil, err
	}
	cli, err := filepath.Abs(o.cli)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "cli.tfrc")
	if err := os.WriteFile(config, fmt.Appendf(nil, cliConfig, filepath.ToSlash(provider)), 0o600); err != nil {
		return nil, err
	}
	work := filepath.Join(dir, "work")
	if err := os.CopyFS(work, os.DirFS(o.example)); err != nil {
		return nil, fmt.Errorf("copying the example: %w", err)
	}
	return &workspace{
		cli: cli,
		dir: work,
		env: append(withoutSettings(os.Environ()),
			"TF_CLI_CONFIG_FILE="+config,
			"TF_IN_AUTOMATION=1",
			"TF_INPUT=0",
			"CHECKPOINT_DISABLE=1",
			"CLARIFAI_API_BASE="+e.url,
			"CLARIFAI_USER_ID="+user,
			"CLARIFAI_PAT="+e.pat,
		),
	}, nil
}

// withoutSettings drops what would steer the CLI or the provider elsewhere,
// a real account above all.
func withoutSettings(env []string) []string {
	var kept []string
	for _, entry := range env {
		if !strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "CLARIFAI_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// run returns what the CLI printed on stdout and its exit code. Codes other
// than those expected are errors that carry all that the CLI printed.
func (w *workspace) run(ctx context.Context, expected []int, args ...string) ([]byte, int, error) {
	cmd := exec.CommandContext(ctx, w.cli, args...)
	cmd.Dir, cmd.Env = w.dir, w.env
	var stdout, all bytes.Buffer
	cmd.Stdout = io.MultiWriter(&stdout, &all)
	cmd.Stderr = &all
	// Terraform then stops its provider, instead of leaving it behind.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	ownGroup(cmd)

	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, 0, errors.New("interrupted")
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, 0, err
	}
	code := cmd.ProcessState.ExitCode()
	if slices.Contains(expected, code) {
		return stdout.Bytes(), code, nil
	}
	return nil, code, fmt.Errorf("%s %s ended with %d:\n%s", filepath.Base(w.cli), args[0], code, all.String())
}

const planFile = "demo.tfplan"

// plan saves a plan and returns what it would change.
func (w *workspace) plan(ctx context.Context) (changes, error) {
	_, code, err := w.run(ctx, []int{0, 2}, "plan", "-no-color", "-detailed-exitcode", "-out="+planFile)
	if err != nil {
		return nil, err
	}
	shown, _, err := w.run(ctx, []int{0}, "show", "-json", planFile)
	if err != nil {
		return nil, err
	}
	planned, err := readChanges(shown)
	if err != nil {
		return nil, err
	}
	if changed := len(planned) > 0; changed != (code == 2) {
		// Outputs count for the exit code: a plan of theirs alone is not empty either.
		return nil, fmt.Errorf("plan ended with %d, but changes %d resources", code, len(planned))
	}
	return planned, nil
}

// apply carries out the saved plan.
func (w *workspace) apply(ctx context.Context) error {
	_, _, err := w.run(ctx, []int{0}, "apply", "-no-color", planFile)
	return err
}

func (w *workspace) destroy(ctx context.Context) error {
	_, _, err := w.run(ctx, []int{0}, "destroy", "-no-color", "-auto-approve")
	return err
}

// key is a managed key as the state describes it, without its secret.
type key struct {
	address     string
	appID       string
	fingerprint string
}

// keys lists the managed keys in the order of their addresses.
func (w *workspace) keys(ctx context.Context) ([]key, error) {
	shown, _, err := w.run(ctx, []int{0}, "show", "-json")
	if err != nil {
		return nil, err
	}
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string `json:"address"`
					Mode    string `json:"mode"`
					Type    string `json:"type"`
					Values  struct {
						AppID       string `json:"app_id"`
						Fingerprint string `json:"fingerprint"`
					} `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal(shown, &state); err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	var found []key
	for _, r := range state.Values.RootModule.Resources {
		if r.Mode == "managed" && r.Type == "clarifai_app_key" {
			found = append(found, key{address: r.Address, appID: r.Values.AppID, fingerprint: r.Values.Fingerprint})
		}
	}
	return found, nil
}

var secret = regexp.MustCompile(`[0-9a-f]{32,}`)

// redact hides what has the form of a key or a PAT. The CLI masks keys by
// itself, but a demo may well be the moment when that fails.
func redact(text string) string {
	return secret.ReplaceAllString(text, "(hidden)")
}
