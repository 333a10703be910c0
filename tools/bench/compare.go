package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// documentedRPS is the rate limit that Clarifai documents, the provider's default.
const documentedRPS = 15

const (
	comparedKeys = 500
	comparedApp  = "compare"

	// limitedKeys are created while the account allows limitedRate requests a second.
	limitedKeys, limitedRate = 30, 5
)

var comparedScopes = []string{"Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"}

// labels are the lines of the table that compare writes.
var labels = []string{
	fmt.Sprintf("requests to create %d keys", comparedKeys),
	"requests of a plan without changes", "of these, with a key in the URL", "time of that plan",
	"keys in its output", "keys in the log (`TF_LOG=TRACE`, `curl --verbose`)", "the personal access token in that log",
	"a plan right after the apply shows changes", "a plan shows a scope that was added outside",
	fmt.Sprintf("%d new keys at a limit of %d requests a second", limitedKeys, limitedRate),
}

// compare measures the contenders and replaces the table in a file.
func (b *bench) compare(ctx context.Context) error {
	heads, err := b.heads(ctx)
	if err != nil {
		return err
	}
	var columns [][]string
	for _, c := range []struct {
		name string
		contender
	}{
		{"clarifai", provider{b, "clarifai", ownConfig}}, {"restapi", provider{b, "restapi", restConfig}}, {"curl", shell{}},
	} {
		b.logf("%s", c.name)
		cells, err := compareKeys(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		columns = append(columns, append(cells, compareLimited(ctx, c)))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return replaceTable(b.readme, table(heads, columns))
}

// heads returns the heads of the columns, with versions.
func (b *bench) heads(ctx context.Context) ([]string, error) {
	version, err := restapiVersion(ctx, filepath.Join("tools", "bench"))
	if err != nil {
		return nil, err
	}
	product, err := cli.Version(ctx, b.cli)
	if err != nil {
		return nil, err
	}
	curl, err := exec.CommandContext(ctx, "curl", "--version").Output()
	if err != nil || len(strings.Fields(string(curl))) < 2 {
		return nil, errors.Join(err, errors.New("curl does not print its version"))
	}
	number := strings.Fields(string(curl))[1]
	return []string{product + ", emulator", "this provider", "`restapi` " + version, "curl " + number + " in a loop"}, nil
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
// them was changed. It returns the cells of all lines but the last.
func compareKeys(ctx context.Context, c contender) ([]string, error) {
	e, account, stop := comparedAccount(0)
	defer stop()
	if err := c.create(ctx, account, comparedKeys); err != nil {
		return nil, err
	}
	created := e.Count("")
	e.Reset()
	plan, err := c.check(ctx, account, false)
	if err != nil {
		return nil, err
	}
	planned := e.Stats()
	verbose, err := c.check(ctx, account, true)
	if err != nil {
		return nil, err
	}
	keys := e.Keys(account.UserID, comparedApp)
	if len(keys) != comparedKeys {
		return nil, fmt.Errorf("there are %d keys, not %d", len(keys), comparedKeys)
	}
	in := func(text string) string { // how many keys are in plain text
		shown := slices.DeleteFunc(slices.Clone(keys), func(k emulator.Key) bool { return !strings.Contains(text, k.ID) })
		return strconv.Itoa(len(shown))
	}
	if err := e.EditKey(keys[0].ID, func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Inputs:Get") }); err != nil {
		return nil, err
	}
	changed, err := c.check(ctx, account, false)
	return []string{
		strconv.Itoa(created),
		strconv.Itoa(planned.Requests), strconv.Itoa(planned.KeysInURL), seconds(plan.took),
		in(plan.output), in(verbose.log), yes(true, strings.Contains(verbose.log, account.PAT)),
		yes(plan.compares, plan.changes), yes(plan.compares, changed.changes),
	}, err
}

// compareLimited lets a contender create keys while the account allows few requests, as
// when others use its rate limit as well.
func compareLimited(ctx context.Context, c contender) string {
	e, account, stop := comparedAccount(limitedRate)
	defer stop()
	started := time.Now()
	if c.create(ctx, account, limitedKeys) != nil {
		return fmt.Sprintf("fails after %d", e.LiveKeys())
	}
	return fmt.Sprintf("created in %.0f s", time.Since(started).Seconds())
}
