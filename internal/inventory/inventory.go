// Package inventory is what one run knows of Clarifai accounts. It batches
// reads, verifies an account before it concludes that something in it is gone,
// creates exactly once, and remembers what the run itself wrote.
//
// A method that reads takes a [Freshness]. What Clarifai says, and what this run
// wrote, is kept in one record per app and key (record.go); what follows from that
// is decided in conclusions.go.
package inventory

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Config says how an inventory works. Zero fields take defaults.
type Config struct {
	UserID       string        // user or organization; empty: the owner of the PAT
	GatherWindow time.Duration // how long a read waits for others to share a listing with; default 25 ms

	// LateWait is how long a create whose answer was lost looks for its result
	// before it sends again; default 20 s.
	LateWait time.Duration
	// RenameWait is how long a key is looked for in an app that was renamed, because
	// listings may lag behind; default 10 s.
	RenameWait time.Duration
	// CreatedWait is how long what this run created is looked for before it counts as
	// missing; default 10 s.
	CreatedWait time.Duration
	// AskAgain is how long to wait before asking again where answers contradict each
	// other; then twice as long, and four times. Default 1 s.
	AskAgain time.Duration

	// PreflightWait is how long a request of a preflight may take; default 5 s.
	PreflightWait time.Duration

	// StateHolds reports whether a state of this run holds an app under that ID.
	// Default: none does.
	StateHolds func(clarifai.AppRef) bool

	// SameScopes reports whether the server may store a key that was requested
	// with the scopes want with the scopes got. Default: if they are the same set.
	SameScopes func(want, got []string) bool

	// CutMark returns a description without the mark that says which key the described
	// one succeeds, and the fingerprint in it. Default: there are no marks.
	CutMark func(description string) (plain, predecessor string)
}

// Inventory is what one run knows of the accounts that one client reaches. It is
// safe for concurrent use.
type Inventory struct {
	client *clarifai.Client
	cfg    Config

	inFlight singleflight.Group
	turns    sync.Map // a semaphore per name of what runs one at a time

	refusesDates atomic.Bool // Clarifai has refused a key with a date, and taken it without

	fruitlessCreates fruitless // waits for the results of lost creates
	fruitlessLooks   fruitless // waits for answers that do not contradict each other

	me       atomic.Pointer[clarifai.User]
	mu       sync.Mutex
	accounts map[string]*account // by user ID; "" is the configured user or the owner of the PAT
}

// New returns an inventory that knows nothing yet. It sends nothing.
func New(client *clarifai.Client, cfg Config) *Inventory {
	cfg.GatherWindow = cmp.Or(cfg.GatherWindow, 25*time.Millisecond)
	cfg.LateWait = cmp.Or(cfg.LateWait, 20*time.Second)
	cfg.RenameWait = cmp.Or(cfg.RenameWait, 10*time.Second)
	cfg.CreatedWait = cmp.Or(cfg.CreatedWait, 10*time.Second)
	cfg.AskAgain = cmp.Or(cfg.AskAgain, time.Second)
	cfg.PreflightWait = cmp.Or(cfg.PreflightWait, 5*time.Second)
	if cfg.UserID == aliasMe {
		cfg.UserID = "" // answers have the real ID
	}
	if cfg.StateHolds == nil {
		cfg.StateHolds = func(clarifai.AppRef) bool { return false }
	}
	if cfg.SameScopes == nil {
		cfg.SameScopes = sameSet
	}
	if cfg.CutMark == nil {
		cfg.CutMark = func(description string) (string, string) { return description, "" }
	}
	i := &Inventory{client: client, cfg: cfg, accounts: map[string]*account{}}
	client.OnRefusal(i.standing)
	return i
}

// Now returns the time by the client's clock.
func (i *Inventory) Now() time.Time { return i.client.Clock().Now() }

// ServerNow returns the time by Clarifai's clock, as far as answers have told it.
func (i *Inventory) ServerNow() time.Time { return i.Now().Add(-i.client.ClockAhead()) }

// sleep waits by the client's clock, or until ctx ends.
func (i *Inventory) sleep(ctx context.Context, d time.Duration) error {
	return i.client.Clock().Sleep(ctx, d)
}

// Redact replaces the secrets that the run has seen in s, and whatever else
// looks like a key. A nil inventory, which has seen none, can be asked as well.
func (i *Inventory) Redact(s string) string {
	if i == nil {
		return clarifai.RedactKeys(s)
	}
	return i.client.Redact(s)
}

// aliasMe is Clarifai's alias in a path for the owner of the PAT.
const aliasMe = "me"

// Me returns the owner of the PAT, whom it asks for once.
func (i *Inventory) Me(ctx context.Context) (clarifai.User, error) {
	return share(ctx, i, "me", i.askMe)
}

// askMe asks for the owner of the PAT. A preflight does not share [Inventory.Me], whose
// other callers have more patience.
func (i *Inventory) askMe(ctx context.Context) (clarifai.User, error) {
	if known := i.me.Load(); known != nil {
		return *known, nil
	}
	me, err := i.client.GetMe(ctx)
	if err == nil {
		i.me.Store(&me)
	}
	return me, err
}

func (i *Inventory) account(userID string) *account {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.accounts[userID] == nil {
		i.accounts[userID] = newAccount(i, userID)
	}
	return i.accounts[userID]
}
