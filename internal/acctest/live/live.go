// Package live asks a real Clarifai account how the API behaves where Clarifai does
// not publish it: the questions that the switches of the emulator stand for. It
// shares no code with the provider's client, because some questions are about what
// that client hides, such as the spelling of scopes.
//
// It changes and deletes only apps whose ID starts with [Prefix], and the keys that
// it created in them.
package live

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Prefix starts the ID of every app that a run creates.
const Prefix = "tf-provider-live-"

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Options describe an account and how to ask it.
type Options struct {
	cli.Account // an empty UserID means the owner of the PAT
	Clock       Clock
}

// Finding is what a run learnt about one switch of the emulator.
type Finding struct {
	Switch string
	Value  string // as the switch takes it; empty: the question is open
	Note   string // what was seen, or why the question is open
}

// question is about one or more switches.
type question struct {
	switches []string
	ask      func(*probe, context.Context) error
}

// questions are asked in this order: later ones use what earlier ones created.
var questions = []question{
	{[]string{"app_owner", "write_answers", "default_key", "default_workflow", "enums", "timestamps"}, (*probe).askNewApp},
	{[]string{"duplicate_app_code"}, (*probe).askDuplicateApp},
	{[]string{"clear_strings"}, (*probe).askClearStrings},
	{[]string{"max_app_id_length"}, (*probe).askMaxAppIDLength},
	{[]string{"my_scopes_user"}, (*probe).askMyScopesUser},
	{[]string{"scope_names", "scope_order", "echo_type"}, (*probe).askNewKeys},
	{[]string{"listing_order", "page_cap", "shifting_pages"}, (*probe).askPages},
	{[]string{"account_listing"}, (*probe).askAccountListing},
	{[]string{"scopes"}, (*probe).askScopes},
	{[]string{"default_scopes"}, (*probe).askDefaultScopes},
	{[]string{"key_endpoints"}, (*probe).askKeyEndpoints},
	{[]string{"key_overwrite"}, (*probe).askKeyOverwrite},
	{[]string{"key_not_found", "success_on_failure"}, (*probe).askKeyNotFound},
	{[]string{"delete_lag"}, (*probe).askDeleteLag},
	{[]string{"outside_models"}, (*probe).askOutsideModels},
	{[]string{"rename_old", "rename_keys", "rename_lag"}, (*probe).askRename},
}

// probe is one run.
type probe struct {
	caller
	run    string // starts the IDs of this run's apps
	me     string // owner of the PAT
	asked  string // user in the paths of the first requests
	owner  string // owner of the apps that were created
	app    string // app that most questions are about
	keys   []string
	found  map[string]Finding
	asking []string // switches of the current question
}

// Probe asks all questions and removes what it created. A question without an
// answer is a finding without a value; an error means that nothing can be asked, or
// that something is left.
func Probe(ctx context.Context, o Options) ([]Finding, error) {
	var id [3]byte
	rand.Read(id[:])
	p := &probe{caller: newCaller(o), run: Prefix + hex.EncodeToString(id[:]), found: map[string]Finding{}}
	var err error
	if p.me, err = p.whoAmI(ctx); err != nil {
		return nil, err
	}
	p.asked = o.UserID
	if p.asked == "" {
		p.asked = p.me
	}
	p.owner = p.asked

	for _, q := range questions {
		p.asking = q.switches
		if err := q.ask(p, ctx); err != nil {
			p.open(err.Error())
		}
		if ctx.Err() != nil {
			break
		}
	}
	// What was created is removed even if the run is interrupted.
	return p.findings(), p.removeAll(context.WithoutCancel(ctx))
}

func (p *probe) whoAmI(ctx context.Context) (string, error) {
	got, err := p.ok(ctx, request{what: "asking who the owner of the PAT is", verb: "GET", path: []string{"users", "me"}})
	if err != nil {
		return "", err
	}
	id := text(object(got.body["user"])["id"])
	if id == "" {
		return "", errors.New("asking who the owner of the PAT is: the answer has no user ID")
	}
	return id, nil
}

// record notes the value of a switch, or, if it is empty, why it stays open.
func (p *probe) record(name, value, format string, args ...any) {
	if !slices.Contains(p.asking, name) {
		panic("live: the question does not name the switch " + name)
	}
	p.found[name] = Finding{name, value, fmt.Sprintf(format, args...)}
}

// open records that the switches of the question that have no value yet stay open.
func (p *probe) open(why string) {
	for _, name := range p.asking {
		if p.found[name].Switch == "" {
			p.found[name] = Finding{Switch: name, Note: why}
		}
	}
}

// findings returns a finding for each switch of the emulator, by name.
func (p *probe) findings() []Finding {
	defaults, err := emulator.Switches{}.Values()
	if err != nil {
		panic("live: " + err.Error()) // never: the zero value is valid
	}
	var all []Finding
	for name := range defaults {
		f, ok := p.found[name]
		if !ok {
			f = Finding{Switch: name, Note: "not asked"}
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Finding) int { return strings.Compare(a.Switch, b.Switch) })
	return all
}

// removeAll deletes the apps of this run, with their keys.
func (p *probe) removeAll(ctx context.Context) error {
	owners := []string{p.owner}
	if p.asked != p.owner {
		owners = append(owners, p.asked)
	}
	var failed []error
	for _, owner := range owners {
		_, err := p.sweep(ctx, owner, func(a listedApp) bool { return strings.HasPrefix(a.id, p.run) })
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
