// Package live asks a real Clarifai account how the API behaves where Clarifai does
// not publish it: the questions that the switches of the emulator stand for. It uses
// the provider's client, and reads beside it what that client hides, such as the
// spelling of scopes.
//
// It changes and deletes only apps whose ID is made by this package, and the keys
// that it created in them. A run that leaves something behind fails and names it.
package live

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Prefix starts the ID of every app that a run creates.
const Prefix = "tf-provider-live-"

// Options describe an account and how to ask it.
type Options struct {
	cli.Account             // an empty UserID means the owner of the PAT
	RootCertificates []byte // PEM; nil: the system's
	Clock            clarifai.Clock

	keys      int               // number of keys that questions about listings use; 0: enough for every setting
	transport http.RoundTripper // nil: the network
}

// Finding is what a run learned about one switch of the emulator, or about a behavior
// for which there is none.
type Finding struct {
	Name  string
	Value string // as the switch takes it; empty: the question is open
	Note  string // what was seen, or why the question is open
	// Unanswerable marks an open question that this account cannot answer.
	Unanswerable bool
}

// otherBehaviors are questions beside the switches, with what the emulator does.
var otherBehaviors = map[string]string{
	"id_after_deletion": "free", "patch_changes": "description scopes", "per_page_above_1000": "refused", "unknown_fields": "refused",
}

// probe is one run.
type probe struct {
	*account
	run    string // starts the IDs of this run's apps
	me     string // owner of the PAT
	asked  string // user in the paths of the first requests
	owner  string // owner of the apps that were created
	app    string // app that most questions are about
	made   clarifai.Time
	keys   []clarifai.Secret
	ids    int // number of IDs given out
	found  map[string]Finding
	asking []string // what the current question is about
}

// Probe asks all questions and removes what it created. A question without an
// answer is a finding without a value; an error means that nothing can be asked, or
// that something is left.
func Probe(ctx context.Context, o Options) ([]Finding, error) {
	var id [3]byte
	rand.Read(id[:])
	o.keys = cmp.Or(o.keys, 40)
	account, err := newAccount(o)
	if err != nil {
		return nil, err
	}
	p := &probe{account: account, run: Prefix + hex.EncodeToString(id[:]), found: map[string]Finding{}}
	if err := p.identify(ctx); err != nil {
		return nil, fmt.Errorf("nothing was created: %w", err)
	}
	for _, q := range questions {
		p.asking = strings.Fields(q.names)
		err := q.ask(p, ctx)
		if ctx.Err() != nil {
			err = errors.New("the run was interrupted")
		}
		if err != nil {
			p.leaveOpen(err.Error(), false)
		}
		if ctx.Err() != nil {
			break
		}
	}
	// What was created is removed even if the run is interrupted.
	return p.findings(), p.removeRun(context.WithoutCancel(ctx))
}

// identify learns whose the PAT is and checks that it may do what the run needs.
func (p *probe) identify(ctx context.Context) error {
	me, err := p.client.GetMe(ctx)
	if err != nil {
		return err
	}
	p.me, p.asked = me.ID, cmp.Or(p.UserID, me.ID)
	p.owner = p.asked
	scopes, _, err := p.client.MyScopes(ctx, "me")
	if err != nil {
		return err
	}
	for i := range scopes {
		scopes[i] = strings.Replace(scopes[i], "_", ":", 1)
	}
	lacking := slices.DeleteFunc(advice.RequiredScopes(), func(s string) bool { return slices.Contains(scopes, s) })
	if len(lacking) > 0 && !slices.Contains(scopes, "All") {
		return fmt.Errorf("the PAT lacks the scopes %s", strings.Join(lacking, ", "))
	}
	return nil
}

// record notes what was found, or, if the value is empty, why it stays open.
func (p *probe) record(name, value, format string, args ...any) {
	if !slices.Contains(p.asking, name) {
		panic("live: the question does not name " + name)
	}
	p.found[name] = Finding{Name: name, Value: value, Note: fmt.Sprintf(format, args...)}
}

// leaveOpen records that what the question is about and has no value yet stays open.
func (p *probe) leaveOpen(why string, unanswerable bool) {
	for _, name := range p.asking {
		if p.found[name].Name == "" {
			p.found[name] = Finding{Name: name, Note: why, Unanswerable: unanswerable}
		}
	}
}

// leaveOpenFor records why this account cannot answer a question.
func (p *probe) leaveOpenFor(name, why string) {
	p.found[name] = Finding{Name: name, Note: why, Unanswerable: true}
}

// findings returns a finding for each question, by name.
func (p *probe) findings() []Finding {
	var all []Finding
	for _, name := range slices.Sorted(maps.Keys(known())) {
		all = append(all, cmp.Or(p.found[name], Finding{Name: name, Note: "not asked"}))
	}
	return all
}

// known returns what the emulator does by default, by question.
func known() map[string]string {
	all, err := emulator.Switches{}.Values()
	if err != nil {
		panic("live: " + err.Error()) // never: the zero value is valid
	}
	maps.Copy(all, otherBehaviors)
	return all
}

// newID returns an ID for an app of this run that no request has named before. An ID
// whose creation has an unknown outcome is not used again.
func (p *probe) newID(length int) string {
	letter := string(rune('a' + p.ids%26))
	p.ids++
	return p.run + "-" + strings.Repeat(letter, max(1, length-len(p.run)-1))
}

// until looks once a second until a condition holds; no longer than a time, and at
// least once. It returns how long that took.
func (p *probe) until(ctx context.Context, limit time.Duration, holds func() (bool, error)) (took time.Duration, ok bool, err error) {
	start := p.Clock.Now()
	for {
		took = p.Clock.Now().Sub(start)
		if ok, err = holds(); ok || err != nil || took > limit {
			return took, ok, err
		}
		if err = p.Clock.Sleep(ctx, time.Second); err != nil {
			return took, false, err
		}
	}
}
