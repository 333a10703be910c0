package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// contender is one way to manage keys.
type contender interface {
	name() string
	// prepare makes a workspace for an account.
	prepare(folder string, account cli.Account) error
	// create creates n keys of the app.
	create(ctx context.Context, n int) error
	// check finds out whether anything has changed since, with the most detailed log
	// if verbose is set.
	check(ctx context.Context, verbose bool) (checked, error)
}

// checked is what a check found and said.
type checked struct {
	compares, changes bool
	output, log       string
	took              time.Duration
}

// column is what was measured of one contender.
type column struct {
	created, planned cli.Stats // during the creation, and during a check without changes
	plan             checked
	inOutput, inLog  int // keys in plain text
	patInLog         bool
	noticed          bool // that a key has one more scope
	limited          limited
}

// limited is a creation in an account whose rate limit others use as well.
type limited struct {
	keys   int
	failed bool
	took   time.Duration
}

const (
	appID = "compare"

	// limitedKeys are created while the account allows limitedRate requests a second.
	limitedKeys, limitedRate = 30, 5
)

var scopes = []string{"Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"}

// measure lets a contender create, check and create under a rate limit.
func (r *run) measure(ctx context.Context, c contender) (_ *column, err error) {
	e, before, err := r.start(ctx, c, "all", 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	m := &column{}
	if err := c.create(ctx, r.keys); err != nil {
		return nil, err
	}
	after, err := e.Stats(ctx)
	if err != nil {
		return nil, err
	}
	if m.created = after.Since(before); after.Keys-before.Keys != r.keys {
		return nil, fmt.Errorf("there are %d new keys, not %d", after.Keys-before.Keys, r.keys)
	}
	if m.plan, err = c.check(ctx, false); err != nil {
		return nil, err
	}
	later, err := e.Stats(ctx)
	if err != nil {
		return nil, err
	}
	m.planned = later.Since(after)
	if err := m.secrets(ctx, c, e); err != nil {
		return nil, err
	}
	m.limited, err = r.limited(ctx, c)
	return m, err
}

// start starts an emulator with one app.
func (r *run) start(ctx context.Context, c contender, name string, rate int) (*cli.Emulator, cli.Stats, error) {
	e, err := cli.StartEmulator(ctx, cli.EmulatorOptions{Program: r.emulator, Folder: r.folder, UserID: "compare", RequestsPerSecond: rate})
	if err != nil {
		return nil, cli.Stats{}, err
	}
	body := map[string]any{"apps": []map[string]string{{"id": appID}}}
	err = cli.Call(ctx, cli.Request{What: "creating the app", Verb: http.MethodPost, URL: e.URL + "/v2/users/compare/apps", PAT: e.PAT, Body: body})
	if err == nil {
		err = c.prepare(filepath.Join(r.folder, strings.Fields(c.name())[0]+"-"+name), e.Account)
	}
	stats, failed := e.Stats(ctx)
	if err = errors.Join(err, failed); err != nil {
		return nil, stats, errors.Join(err, e.Stop())
	}
	return e, stats, nil
}

type key struct {
	ID     string   `json:"id"`
	Scopes []string `json:"scopes"`
}

// secrets counts the keys in what the contender says, and adds a scope to one.
func (m *column) secrets(ctx context.Context, c contender, e *cli.Emulator) error {
	keys, err := list(ctx, e)
	if err != nil {
		return err
	}
	verbose, err := c.check(ctx, true)
	if err != nil {
		return err
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
	last.Scopes = append(last.Scopes, "Inputs:Get")
	body := map[string]any{"action": "overwrite", "keys": []key{last}}
	if err := cli.Call(ctx, cli.Request{What: "adding a scope", Verb: http.MethodPatch, URL: e.URL + "/v2/users/compare/keys", PAT: e.PAT, Body: body}); err != nil {
		return err
	}
	changed, err := c.check(ctx, false)
	m.noticed = changed.changes
	return err
}

// list returns the keys of the app.
func list(ctx context.Context, e *cli.Emulator) ([]key, error) {
	var all []key
	for page := 1; ; page++ {
		var answer struct {
			Keys []key `json:"keys"`
		}
		url := fmt.Sprintf("%s/v2/users/compare/apps/%s/keys?page=%d&per_page=1000", e.URL, appID, page)
		if err := cli.Call(ctx, cli.Request{What: "listing the keys", Verb: http.MethodGet, URL: url, PAT: e.PAT, Answer: &answer}); err != nil {
			return nil, err
		}
		if len(answer.Keys) == 0 {
			return all, nil
		}
		all = append(all, answer.Keys...)
	}
}

// limited creates keys while the account allows few requests.
func (r *run) limited(ctx context.Context, c contender) (l limited, err error) {
	e, before, err := r.start(ctx, c, "limited", limitedRate)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	started := time.Now()
	failed := c.create(ctx, limitedKeys)
	l.failed, l.took = failed != nil, time.Since(started)
	after, err := e.Stats(ctx)
	l.keys = after.Keys - before.Keys
	return l, err
}
