package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// contender is one way to manage the keys of an app in an account.
type contender struct {
	name   string
	create func(ctx context.Context, a cli.Account, n int) error
	// check finds out whether anything has changed since, with the most detailed log
	// if verbose is set.
	check func(ctx context.Context, a cli.Account, verbose bool) (checked, error)
}

// checked is what a check found and said.
type checked struct {
	compares, changes bool
	output, log       string
	took              time.Duration
}

// key is a key as the API returns it.
type key struct {
	ID     string   `json:"id"`
	Scopes []string `json:"scopes"`
}

// provider returns the contender that a provider is with a configuration.
func (b *bench) provider(name string, config func(a cli.Account, n int) string) contender {
	space := func(a cli.Account) string {
		return "compare-" + name + "-" + strings.TrimPrefix(a.URL, "http://127.0.0.1:")
	}
	return contender{
		name: name,
		create: func(ctx context.Context, a cli.Account, n int) error {
			w, err := b.workspace(space(a), files{"main.tf": config(a, n)}, a)
			if err == nil {
				_, err = w.apply(ctx)
			}
			return err
		},
		check: func(ctx context.Context, a cli.Account, verbose bool) (checked, error) {
			w, err := b.workspace(space(a), files{"main.tf": config(a, comparedKeys)}, a)
			if err != nil {
				return checked{}, err
			}
			if verbose {
				w.Env = append(w.Env, "TF_LOG=TRACE")
			}
			r, _, err := w.measure(ctx, "plan", "-detailed-exitcode")
			if r.ExitCode == 2 {
				err = nil
			}
			return checked{compares: true, changes: r.ExitCode == 2, output: r.Stdout, log: r.Stderr, took: r.Wall}, err
		},
	}
}

// ownConfig has the keys of this provider. Its rate limit is the default, except where
// there is none to keep: then it must not wait longer than the others.
func ownConfig(_ cli.Account, n int) string {
	rate := 100000
	if n == limitedKeys {
		rate = documentedRPS
	}
	return required("clarifai", "clarifai/clarifai") + fmt.Sprintf(`
provider "clarifai" {
  requests_per_second = %d
}

resource "clarifai_app_key" "k" {
  count       = %d
  app_id      = %q
  description = "key ${count.index}"
  scopes      = %s
}
`, rate, n, comparedApp, hclList(comparedScopes))
}

// restConfig has the keys of the generic provider, configured as its documentation
// advises for an API that returns what it created.
func restConfig(a cli.Account, n int) string {
	return required("restapi", "mastercard/restapi") + fmt.Sprintf(`
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
`, a.URL, a.PAT, n, a.UserID, hclList(comparedScopes), comparedApp, a.UserID)
}

// curlCreate is a loop over curl, as in a shell script: one request per key.
func curlCreate(ctx context.Context, a cli.Account, n int) error {
	for i := range n {
		body, err := json.Marshal(map[string]any{"keys": []map[string]any{{
			"description": fmt.Sprintf("key %d", i), "scopes": comparedScopes, "apps": []map[string]string{{"id": comparedApp, "user_id": a.UserID}},
		}}})
		if err != nil {
			return err
		}
		if err := curl(ctx, a, &checked{}, "/keys", "--data", string(body)); err != nil {
			return err
		}
	}
	return nil
}

// curlCheck lists the keys to see what there is.
func curlCheck(ctx context.Context, a cli.Account, verbose bool) (checked, error) {
	level := "--silent"
	if verbose {
		level = "--verbose"
	}
	var c checked
	started := time.Now()
	_, err := curlKeys(ctx, a, &c, level)
	c.took = time.Since(started)
	return c, err
}

// curlKeys returns the keys of the app, page by page.
func curlKeys(ctx context.Context, a cli.Account, c *checked, level string) (all []key, _ error) {
	for page := 1; ; page++ {
		before := len(c.output)
		if err := curl(ctx, a, c, fmt.Sprintf("/apps/%s/keys?page=%d&per_page=1000", comparedApp, page), level); err != nil {
			return nil, err
		}
		var found struct{ Keys []key }
		if err := json.Unmarshal([]byte(c.output[before:]), &found); err != nil || len(found.Keys) == 0 {
			return all, err
		}
		all = append(all, found.Keys...)
	}
}

// curl sends a request and adds what curl prints.
func curl(ctx context.Context, a cli.Account, c *checked, path string, args ...string) error {
	args = append(args, "--silent", "--show-error", "--fail", "--header", "Authorization: Key "+a.PAT,
		"--header", "Content-Type: application/json", a.URL+"/v2/users/"+a.UserID+path)
	cmd := exec.CommandContext(ctx, "curl", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	c.output, c.log = c.output+stdout.String(), c.log+stderr.String()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, &stderr)
	}
	return err
}
