// Package emulator is a stand-in for the part of Clarifai's REST API that
// deals with apps, app-specific keys, scopes, users and resource counts.
//
// An [Emulator] is an [http.Handler]. It authenticates, checks scopes, refuses
// what the published messages do not have, keeps its state in memory (or in a
// file, see [Open]), and can be told to misbehave (see [Fault]). Where Clarifai's
// behaviour is not published, [Switches] chooses between the possible ones.
//
// It shares no code with the client that it is used to test: a wrong JSON name
// in one of them must not be hidden by the same mistake in the other.
package emulator

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"sync"
	"time"
)

// Options says how an emulator starts. The zero value is usable.
type Options struct {
	// UserID is the account that the first personal access token belongs to.
	// Default "emulator-user".
	UserID string
	// PAT is that account's personal access token, 32 hexadecimal digits.
	// Default: generated.
	PAT string
	// Switches chooses among behaviours that Clarifai does not publish.
	Switches Switches
	// RequestsPerSecond is the rate limit over any second; 0 is no limit.
	// Clarifai's docs say 15 for every plan.
	RequestsPerSecond int
	// RetryAfter says what a throttled answer carries: "" no Retry-After
	// header, "seconds" or "date". Clarifai documents none.
	RetryAfter string
	// Latency is slept before the work of every request.
	Latency time.Duration
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Sleep pauses for a latency. Default: a timer that ends early when ctx does.
	Sleep func(ctx context.Context, d time.Duration)
}

// Emulator is one emulated Clarifai. It is safe for concurrent use.
type Emulator struct {
	opts    Options
	control http.Handler
	log     requestLog
	faults  faultQueue
	limit   limiter

	mu       sync.Mutex // guards what follows
	switches Switches
	store    *store
	journal  *journal
}

var _ http.Handler = (*Emulator)(nil)

// New returns an emulator with one user and its personal access token.
// It panics when a switch has a value that does not exist or the PAT is not
// 32 hexadecimal digits: both are mistakes of the caller.
func New(o Options) *Emulator {
	if o.UserID == "" {
		o.UserID = "emulator-user"
	}
	if o.PAT == "" {
		o.PAT = NewSecret()
	}
	if !wellFormedSecret(o.PAT) {
		panic("emulator: the personal access token must be 32 hexadecimal digits")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	e := &Emulator{
		opts:     o,
		switches: mustNormalize(o.Switches),
		store:    newStore(),
	}
	e.limit = limiter{perSecond: o.RequestsPerSecond, retryAfter: o.RetryAfter}
	e.control = e.Control()
	e.store.applyAll(e.ownerChanges(o.UserID, o.PAT))
	return e
}

// ownerChanges makes the account that UserID and PAT speak of.
func (e *Emulator) ownerChanges(userID, pat string) []change {
	return []change{
		{User: &user{ID: userID, Public: true, CreatedAt: e.opts.Now()}},
		{Key: e.newPAT(userID, pat, []string{scopeAll})},
		{Primary: &primary{UserID: userID, PAT: pat}},
	}
}

func (e *Emulator) newPAT(userID, secret string, scopes []string) *Key {
	return &Key{ID: secret, Type: typePAT, Description: "personal access token", Scopes: scopes,
		UserID: userID, CreatedAt: e.opts.Now()}
}

// UserID is the id of the account that [Emulator.PAT] belongs to.
func (e *Emulator) UserID() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.primary.UserID
}

// PAT is the first account's personal access token. It holds every scope.
func (e *Emulator) PAT() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.primary.PAT
}

// SetSwitches replaces all switches, also those left at zero, which go back to
// their defaults. It panics on a value that does not exist.
func (e *Emulator) SetSwitches(s Switches) {
	s = mustNormalize(s)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.switches = s
}

// NewSecret returns a random value of the form that Clarifai's keys have in
// published examples: 32 lowercase hexadecimal digits.
func NewSecret() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// wellFormedSecret tells whether s could be a key or a personal access token.
func wellFormedSecret(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 32
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
