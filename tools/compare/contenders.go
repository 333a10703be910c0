package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// configured is a provider with a configuration.
type configured struct {
	run    *run
	title  string
	config func(account cli.Account, n int) string

	account cli.Account
	ws      *cli.Workspace
}

func (c *configured) name() string { return c.title }

func (c *configured) prepare(folder string, account cli.Account) (err error) {
	c.account = account
	c.ws, err = cli.New(cli.Options{
		Program: c.run.cli, Dir: folder, Home: filepath.Join(c.run.folder, "home"), Providers: c.run.folders, Env: account.Environment(),
	})
	return err
}

func (c *configured) create(ctx context.Context, n int) error {
	if err := c.ws.Write("main.tf", c.config(c.account, n)); err != nil {
		return err
	}
	if r := c.ws.Run(ctx, "apply", "-auto-approve", "-no-color"); r.Err != nil {
		return fmt.Errorf("%w\n%s", r.Err, r.Stderr)
	}
	return nil
}

func (c *configured) check(ctx context.Context, verbose bool) (checked, error) {
	ws := *c.ws
	if verbose {
		ws.Env = append(ws.Env, "TF_LOG=TRACE")
	}
	r := ws.Run(ctx, "plan", "-detailed-exitcode", "-no-color")
	if r.ExitCode != 0 && r.ExitCode != 2 {
		return checked{}, fmt.Errorf("%w\n%s", r.Err, r.Stderr)
	}
	return checked{compares: true, changes: r.ExitCode == 2, output: r.Stdout, log: r.Stderr, took: r.Wall}, nil
}

// own returns this provider. Its rate limit is the default, except where there is
// none to keep: then it must not wait longer than the others.
func (r *run) own() contender {
	return &configured{run: r, title: "clarifai", config: func(_ cli.Account, n int) string {
		rate := 100000
		if n == limitedKeys {
			rate = 15
		}
		return fmt.Sprintf(`terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" }
  }
}

provider "clarifai" {
  requests_per_second = %d
}

resource "clarifai_app_key" "k" {
  count       = %d
  app_id      = %q
  description = "key ${count.index}"
  scopes      = %s
}
`, rate, n, appID, hclList(scopes))
	}}
}

// generic returns the REST provider, configured as its documentation advises for an
// API that returns what it created.
func (r *run) generic() contender {
	return &configured{run: r, title: "restapi", config: func(a cli.Account, n int) string {
		return fmt.Sprintf(`terraform {
  required_providers {
    restapi = { source = "mastercard/restapi" }
  }
}

provider "restapi" {
  uri                   = %q
  headers               = { Authorization = "Key %s", Content-Type = "application/json" }
  id_attribute          = "keys/0/id"
  create_returns_object = true
}

resource "restapi_object" "k" {
  count = %d
  path  = "/v2/users/%s/keys"
  data = jsonencode({
    keys = [{
      description = "key ${count.index}"
      scopes      = %s
      apps        = [{ id = %q, user_id = %q }]
    }]
  })
}
`, a.URL, a.PAT, n, a.UserID, hclList(scopes), appID, a.UserID)
	}}
}

func hclList(items []string) string { return `["` + strings.Join(items, `", "`) + `"]` }

// script is a loop over curl, as in a shell script: one request per key, and the
// listing to see what there is.
type script struct{ account cli.Account }

func (s *script) name() string { return "curl" }

func (s *script) prepare(_ string, account cli.Account) error {
	s.account = account
	return nil
}

func (s *script) create(ctx context.Context, n int) error {
	for i := range n {
		body, err := json.Marshal(map[string]any{"keys": []map[string]any{{
			"description": fmt.Sprintf("key %d", i), "scopes": scopes, "apps": []map[string]string{{"id": appID, "user_id": s.account.UserID}},
		}}})
		if err != nil {
			return err
		}
		if _, err := s.curl(ctx, "/keys", "--data", string(body)); err != nil {
			return err
		}
	}
	return nil
}

func (s *script) check(ctx context.Context, verbose bool) (checked, error) {
	var c checked
	started := time.Now()
	for page := 1; ; page++ {
		args := []string{"--silent"}
		if verbose {
			args = append(args, "--verbose")
		}
		answer, err := s.curl(ctx, fmt.Sprintf("/apps/%s/keys?page=%d&per_page=1000", appID, page), args...)
		if err != nil {
			return c, err
		}
		c.output, c.log, c.took = c.output+answer.stdout, c.log+answer.stderr, time.Since(started)
		var found struct{ Keys []key }
		if err := json.Unmarshal([]byte(answer.stdout), &found); err != nil || len(found.Keys) == 0 {
			return c, err
		}
	}
}

type printed struct{ stdout, stderr string }

func (s *script) curl(ctx context.Context, path string, args ...string) (printed, error) {
	args = append(args, "--silent", "--show-error", "--fail",
		"--header", "Authorization: Key "+s.account.PAT, "--header", "Content-Type: application/json",
		s.account.URL+"/v2/users/"+s.account.UserID+path)
	cmd := exec.CommandContext(ctx, "curl", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return printed{}, fmt.Errorf("%w: %s", err, &stderr)
	}
	return printed{stdout.String(), stderr.String()}, nil
}

func curlVersion(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "curl", "--version").Output()
	if err != nil {
		return "", err
	}
	fields := strings.Fields(string(out))
	if len(fields) < 2 {
		return "", errors.New("curl does not print its version")
	}
	return "curl " + fields[1], nil
}
