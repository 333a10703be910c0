package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
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

// column is what was measured of one contender.
type column struct {
	created, planned emulator.Stats // during the creation, and during a check without changes
	plan             checked
	inOutput, inLog  int // keys in plain text
	patInLog         bool
	noticed          bool // that a key has one more scope

	limitedKeys   int // created while others use the account's rate limit as well
	limitedFailed bool
	limitedTook   time.Duration
}

// documentedRPS is the rate limit that Clarifai documents, the provider's default.
const documentedRPS = 15

const (
	comparedKeys = 500
	comparedApp  = "compare"

	// limitedKeys are created while the account allows limitedRate requests a second.
	limitedKeys, limitedRate = 30, 5
)

var comparedScopes = []string{"Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"}

// compare measures the contenders and replaces the table in a file.
func (b *bench) compare(ctx context.Context) error {
	var columns []*column
	for _, c := range []contender{b.provider("clarifai", ownConfig), b.provider("restapi", restConfig), {"curl", curlCreate, curlCheck}} {
		b.logf("%s", c.name)
		m := &column{}
		if err := errors.Join(b.compareKeys(ctx, c, m), b.compareLimited(ctx, c, m)); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		columns = append(columns, m)
	}
	version, err := restapiVersion(ctx, filepath.Join("tools", "bench"))
	if err != nil {
		return err
	}
	product, err := cli.Version(ctx, b.programs.cli)
	if err != nil {
		return err
	}
	curl, err := exec.CommandContext(ctx, "curl", "--version").Output()
	if err != nil || len(strings.Fields(string(curl))) < 2 {
		return errors.Join(err, errors.New("curl does not print its version"))
	}
	heads := []string{product + ", emulator", "this provider", "`restapi` " + version, "curl " + strings.Fields(string(curl))[1] + " in a loop"}
	return replaceTable(b.settings.compare, table(heads, columns))
}

// compareKeys lets a contender create keys and check them, before and after one of
// them was changed.
func (b *bench) compareKeys(ctx context.Context, c contender, m *column) (err error) {
	e, err := b.comparedAccount(ctx, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	if m.created, err = during(ctx, e, func() error { return c.create(ctx, e.Account, comparedKeys) }); err != nil {
		return err
	}
	m.planned, err = during(ctx, e, func() (err error) {
		m.plan, err = c.check(ctx, e.Account, false)
		return err
	})
	if err != nil {
		return err
	}
	verbose, err := c.check(ctx, e.Account, true)
	if err != nil {
		return err
	}
	keys, err := curlKeys(ctx, e.Account, &checked{}, "--silent")
	if err != nil || len(keys) < comparedKeys {
		return errors.Join(err, fmt.Errorf("there are %d keys, not %d", len(keys), comparedKeys))
	}
	for _, k := range keys {
		if strings.Contains(m.plan.output, k.ID) {
			m.inOutput++
		}
		if strings.Contains(verbose.log, k.ID) {
			m.inLog++
		}
	}
	m.patInLog = strings.Contains(verbose.log, e.PAT)

	last := keys[len(keys)-1]
	last.Scopes = append(slices.Clip(last.Scopes), "Inputs:Get")
	body, err := json.Marshal(map[string]any{"action": "overwrite", "keys": []key{last}})
	if err != nil {
		return err
	}
	if err := curl(ctx, e.Account, &checked{}, "/keys", "--request", "PATCH", "--data", string(body)); err != nil {
		return err
	}
	changed, err := c.check(ctx, e.Account, false)
	m.noticed = changed.changes
	return err
}

// compareLimited lets a contender create keys while the account allows few requests.
func (b *bench) compareLimited(ctx context.Context, c contender, m *column) (err error) {
	e, err := b.comparedAccount(ctx, limitedRate)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	started := time.Now()
	m.limitedFailed = c.create(ctx, e.Account, limitedKeys) != nil
	m.limitedTook = time.Since(started)
	counts, err := e.Remote().Stats(ctx)
	m.limitedKeys = counts.Keys
	return err
}

// during returns what an emulator counted while something was done.
func during(ctx context.Context, e *cli.Emulator, do func() error) (emulator.Stats, error) {
	if err := errors.Join(e.Remote().Reset(ctx), do()); err != nil {
		return emulator.Stats{}, err
	}
	return e.Remote().Stats(ctx)
}

// comparedAccount starts an emulator with one app.
func (b *bench) comparedAccount(ctx context.Context, rps int) (*cli.Emulator, error) {
	e, err := b.startEmulator(ctx, rps)
	if err != nil {
		return e, err
	}
	return e, curl(ctx, e.Account, &checked{}, "/apps", "--data", `{"apps":[{"id":"`+comparedApp+`"}]}`)
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
