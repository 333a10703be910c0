package main

import (
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
