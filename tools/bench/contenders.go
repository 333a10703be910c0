package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// contender is one way to manage the keys of an app in an account.
type contender interface {
	create(ctx context.Context, a cli.Account, n int) error
	// check finds out whether anything has changed since, with the most detailed log
	// if verbose is set.
	check(ctx context.Context, a cli.Account, verbose bool) (checked, error)
}

// checked is what a check found and said.
type checked struct {
	compares, changes bool
	output, log       string
	took              time.Duration
}

// provider is the contender that a provider is with a configuration.
type provider struct {
	*bench
	name   string
	config func(a cli.Account, n int) string
}

func (p provider) workspaceFor(a cli.Account, n int) (*workspace, error) {
	return p.workspace(fmt.Sprintf("compare-%s-%d", p.name, n), files{"main.tf": p.config(a, n)}, a)
}

func (p provider) create(ctx context.Context, a cli.Account, n int) error {
	w, err := p.workspaceFor(a, n)
	if err == nil {
		_, _, err = w.measure(ctx, "apply", "-auto-approve")
	}
	return err
}

func (p provider) check(ctx context.Context, a cli.Account, verbose bool) (checked, error) {
	w, err := p.workspaceFor(a, comparedKeys)
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
}

// ownConfig has the keys of this provider. Its rate limit is the default, except where
// there is none to keep: then it must not wait longer than the others.
func ownConfig(_ cli.Account, n int) string {
	rate := 100000
	if n == limitedKeys {
		rate = documentedRPS
	}
	return required("clarifai", ownSource) + fmt.Sprintf(`
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
	return required("restapi", restSource) + fmt.Sprintf(`
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

// shell is a script with a loop over curl.
type shell struct{}

// call is what both loops of the script share.
const call = `set -e
user="$CLARIFAI_API_BASE/v2/users/$CLARIFAI_USER_ID"
call() { curl "$@" --show-error --fail --header "Authorization: Key $CLARIFAI_PAT" --header 'Content-Type: application/json'; }
`

// create sends one request per key.
func (s shell) create(ctx context.Context, a cli.Account, n int) error {
	_, err := s.run(ctx, a, fmt.Sprintf(`for ((i = 0; i < %d; i++)); do
  call "$user/keys" --silent --data '{"keys":[{"description":"key '$i'","scopes":%s,"apps":[{"id":%q,"user_id":%q}]}]}'
done`, n, hclList(comparedScopes), comparedApp, a.UserID))
	return err
}

// check lists the keys, page by page, to see what there is.
func (s shell) check(ctx context.Context, a cli.Account, verbose bool) (checked, error) {
	level := "--silent"
	if verbose {
		level = "--silent --verbose"
	}
	return s.run(ctx, a, fmt.Sprintf(`for ((page = 1; ; page++)); do
  answer=$(call "$user/apps/%s/keys?page=$page&per_page=1000" %s)
  echo "$answer"
  [[ $answer == *'"id":'* ]] || break
done`, comparedApp, level))
}

func (shell) run(ctx context.Context, a cli.Account, script string) (c checked, err error) {
	cmd := exec.CommandContext(ctx, "bash", "-c", call+script)
	cmd.Env = append(os.Environ(), a.Environment()...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	started := time.Now()
	if err = cmd.Run(); err != nil {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(stderr.String()))
	}
	return checked{output: stdout.String(), log: stderr.String(), took: time.Since(started)}, err
}
