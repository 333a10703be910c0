package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const (
	comparedKeys = 500
	comparedApp  = "compare"

	// limitedKeys are created while the account allows limitedRate requests a second, as
	// when others use its rate limit as well, which is documentedRate.
	limitedKeys, limitedRate, documentedRate = 30, 5, 15
)

// labels are the lines of the table that compare writes.
var labels = []string{
	fmt.Sprintf("requests to create %d keys", comparedKeys),
	"requests of a plan without changes", "of these, with a key in the URL", "time of that plan",
	"keys in its output", "keys in the log (`TF_LOG=TRACE`, `curl --verbose`)", "the personal access token in that log",
	"a plan right after the apply shows changes", "a plan shows a scope that was added outside",
	fmt.Sprintf("%d new keys at a limit of %d requests a second", limitedKeys, limitedRate),
}

// contender is one way to manage the keys of an app: a program, for which there is a
// folder in configs.
type contender struct {
	name, program string
	create, check []string // arguments
	compares      bool     // the check finds changes, which exit code 2 says
}

// compare measures the contenders and replaces the table in a file.
func (b *bench) compare(ctx context.Context) error {
	heads, err := b.heads(ctx)
	if err != nil {
		return err
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		return err
	}
	apply, plan := []string{"apply", "-auto-approve"}, []string{"plan", "-detailed-exitcode"}
	var columns [][]string
	for _, c := range []contender{
		{"clarifai", b.cli, apply, plan, true}, {"restapi", b.cli, apply, plan, true},
		{"curl", bash, []string{"keys.sh", "create"}, []string{"keys.sh", "check"}, false},
	} {
		b.logf("%s", c.name)
		cells, err := b.compareKeys(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		limited, err := b.compareLimited(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		columns = append(columns, append(cells, limited))
	}
	return replaceTable(b.readme, table(heads, columns))
}

// heads returns the heads of the columns, with versions.
func (b *bench) heads(ctx context.Context) ([]string, error) {
	product, err := cli.Version(ctx, b.cli)
	version, err2 := restapiVersion(ctx, filepath.Join("tools", "bench"))
	curl, err3 := exec.CommandContext(ctx, "curl", "--version").Output()
	number := append(strings.Fields(string(curl)), "", "")[1] // curl 8.5.0 …
	return []string{product + ", emulator", "this provider", "`restapi` " + version, "curl " + number + " in a loop"}, errors.Join(err, err2, err3)
}

// restapiVersion returns the version of the generic provider that this module requires.
func restapiVersion(ctx context.Context, folder string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "-C", folder, "list", "-m", "-f", "{{.Version}}", restapiProvider).Output()
	return strings.TrimSpace(string(out)), err
}

// entry is a contender in an account of its own, which holds one app.
type entry struct {
	contender
	*emulator.Emulator
	space *cli.Workspace
	stop  func()
}

// enter prepares a contender for a number of keys, in an account that refuses more than
// limit requests a second; 0: none. Without a limit, no contender keeps one either.
func (b *bench) enter(c contender, keys, limit int) (entry, error) {
	e, rate := emulator.New(emulator.Options{RequestsPerSecond: limit}), documentedRate
	if limit == 0 {
		rate = 100000
	}
	account, stop := cli.Serve(e)
	ws, err := cli.New(cli.Options{
		Program: c.program, Dir: filepath.Join(b.folder, fmt.Sprintf("%s-%d", c.name, keys)), Home: filepath.Join(b.folder, "home"),
		Providers: b.providers, Env: append(account.Environment(), "TF_VAR_uri="+account.URL, "TF_VAR_user_id="+account.UserID,
			"TF_VAR_pat="+account.PAT, fmt.Sprint("TF_VAR_keys=", keys), fmt.Sprint("TF_VAR_requests_per_second=", rate)),
	})
	if err != nil {
		stop()
		return entry{}, err
	}
	folder, err := fs.Sub(configs, "configs/"+c.name)
	err = errors.Join(err, os.CopyFS(ws.Dir, folder), e.PutApp(emulator.App{UserID: e.UserID(), ID: comparedApp}))
	return entry{c, e, ws, stop}, err
}

// run lets the contender do something, with more of an environment.
func (e entry) run(ctx context.Context, args []string, env ...string) (cli.Result, error) {
	space := *e.space
	space.Env = append(slices.Clip(space.Env), env...)
	r := space.Run(ctx, args...)
	if r.Err != nil && !(e.compares && r.ExitCode == 2) {
		return r, fmt.Errorf("%s: %w\n%s", r, r.Err, tail(r.Output, 40))
	}
	return r, nil
}

// compareKeys lets a contender create keys and check them, before and after one of
// them was changed. It returns the cells of all lines but the last.
func (b *bench) compareKeys(ctx context.Context, c contender) ([]string, error) {
	e, err := b.enter(c, comparedKeys, 0)
	if err != nil {
		return nil, err
	}
	defer e.stop()
	if _, err := e.run(ctx, c.create); err != nil {
		return nil, err
	}
	created := e.Count("")
	e.Reset()
	plan, err := e.run(ctx, c.check)
	if err != nil {
		return nil, err
	}
	planned := e.Stats()
	verbose, err := e.run(ctx, c.check, "TF_LOG=TRACE")
	if err != nil {
		return nil, err
	}
	keys := e.Keys(e.UserID(), comparedApp)
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
	changed, err := e.run(ctx, c.check)
	return []string{
		strconv.Itoa(created), strconv.Itoa(planned.Requests), strconv.Itoa(planned.KeysInURL), seconds(plan.Wall),
		in(plan.Stdout), in(verbose.Stderr), yes(true, strings.Contains(verbose.Stderr, e.PAT())),
		yes(c.compares, plan.ExitCode == 2), yes(c.compares, changed.ExitCode == 2),
	}, err
}

// compareLimited lets a contender create keys while the account allows few requests.
func (b *bench) compareLimited(ctx context.Context, c contender) (string, error) {
	e, err := b.enter(c, limitedKeys, limitedRate)
	if err != nil {
		return "", err
	}
	defer e.stop()
	r, err := e.run(ctx, c.create)
	if err != nil {
		return fmt.Sprintf("fails after %d", e.LiveKeys()), ctx.Err()
	}
	return fmt.Sprintf("created in %.0f s", r.Wall.Seconds()), nil
}

// yes returns yes or no, or a dash for what cannot be answered.
func yes(known, b bool) string {
	switch {
	case !known:
		return "–"
	case b:
		return "yes"
	}
	return "no"
}

// table returns the table as Markdown.
func table(heads []string, columns [][]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
	for i, label := range labels {
		b.WriteString("| " + label)
		for _, cells := range columns {
			b.WriteString(" | " + cells[i])
		}
		b.WriteString(" |\n")
	}
	return b.String()
}

// written matches the table in the README, between two comments.
var written = regexp.MustCompile(`(?s)(<!-- make compare writes this table -->\n)(.*)(<!-- end of the table -->\n)`)

// replaceTable replaces the table in a file.
func replaceTable(file, table string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !written.Match(content) {
		return fmt.Errorf("%s has no comments around a table of make compare", file)
	}
	return os.WriteFile(file, written.ReplaceAll(content, []byte("${1}"+table+"${3}")), 0o644) // #nosec G306 -- a public file
}
