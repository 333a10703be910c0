package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
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
	for _, c := range []struct {
		name string
		contender
	}{
		{"clarifai", provider{b, "clarifai", ownConfig}}, {"restapi", provider{b, "restapi", restConfig}}, {"curl", shell{}},
	} {
		b.logf("%s", c.name)
		m := &column{}
		if err := errors.Join(compareKeys(ctx, c, m), compareLimited(ctx, c, m)); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		columns = append(columns, m)
	}
	version, err := restapiVersion(ctx, filepath.Join("tools", "bench"))
	if err != nil {
		return err
	}
	product, err := cli.Version(ctx, b.cli)
	if err != nil {
		return err
	}
	curl, err := exec.CommandContext(ctx, "curl", "--version").Output()
	if err != nil || len(strings.Fields(string(curl))) < 2 {
		return errors.Join(err, errors.New("curl does not print its version"))
	}
	heads := []string{product + ", emulator", "this provider", "`restapi` " + version, "curl " + strings.Fields(string(curl))[1] + " in a loop"}
	return replaceTable(b.readme, table(heads, columns))
}

// comparedAccount serves an emulator with one app, which refuses more than rps requests
// a second (0: no limit).
func comparedAccount(rps int) (e *emulator.Emulator, a cli.Account, stop func()) {
	e = emulator.New(emulator.Options{RequestsPerSecond: rps})
	if err := e.PutApp(emulator.App{UserID: e.UserID(), ID: comparedApp}); err != nil {
		panic(err) // never: the user exists
	}
	a, stop = cli.Serve(e)
	return e, a, stop
}

// compareKeys lets a contender create keys and check them, before and after one of
// them was changed.
func compareKeys(ctx context.Context, c contender, m *column) error {
	e, account, stop := comparedAccount(0)
	defer stop()
	if err := c.create(ctx, account, comparedKeys); err != nil {
		return err
	}
	m.created = e.Stats()
	e.Reset()
	var err error
	if m.plan, err = c.check(ctx, account, false); err != nil {
		return err
	}
	m.planned = e.Stats()
	verbose, err := c.check(ctx, account, true)
	if err != nil {
		return err
	}
	keys := e.Keys(account.UserID, comparedApp)
	if len(keys) != comparedKeys {
		return fmt.Errorf("there are %d keys, not %d", len(keys), comparedKeys)
	}
	for _, k := range keys {
		if strings.Contains(m.plan.output, k.ID) {
			m.inOutput++
		}
		if strings.Contains(verbose.log, k.ID) {
			m.inLog++
		}
	}
	m.patInLog = strings.Contains(verbose.log, account.PAT)
	if err := e.EditKey(keys[0].ID, func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Inputs:Get") }); err != nil {
		return err
	}
	changed, err := c.check(ctx, account, false)
	m.noticed = changed.changes
	return err
}

// compareLimited lets a contender create keys while the account allows few requests.
func compareLimited(ctx context.Context, c contender, m *column) error {
	e, account, stop := comparedAccount(limitedRate)
	defer stop()
	started := time.Now()
	m.limitedFailed = c.create(ctx, account, limitedKeys) != nil
	m.limitedTook, m.limitedKeys = time.Since(started), e.LiveKeys()
	return ctx.Err()
}
