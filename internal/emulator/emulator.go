// Package emulator emulates the part of Clarifai's REST API that manages apps,
// app-specific keys, scopes, users and resource counts.
//
// An [Emulator] is an [http.Handler]. It authenticates callers, checks scopes,
// rejects fields that the published messages do not have, and keeps its state in
// memory or in a file (see [Open]). Of the methods that app-specific keys are made
// for, such as PostInputs, it emulates only the authorization: of some at their REST
// paths, of all at their gRPC names, such as POST /clarifai.api.V2/PostInputs. Tests inject failures
// with [Fault] and choose between possible behaviors with [Switches] where
// Clarifai's is not published.
//
// The package shares no code with the client it tests: otherwise a wrong JSON
// name in one would be hidden by the same mistake in the other.
package emulator

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"sync"
	"time"
)

// Options configures an emulator. The zero value is valid.
type Options struct {
	// UserID is the owner of the first personal access token.
	// Default: "emulator-user".
	UserID string
	// PAT is the personal access token of that user, 32 hexadecimal digits.
	// Default: random.
	PAT string
	// Switches selects behaviors that Clarifai does not publish.
	Switches Switches
	// RequestsPerSecond is the maximum number of requests within any second. 0
	// means no limit. Clarifai's docs state 15 for every plan.
	RequestsPerSecond int
	// RetryAfter is the form of the Retry-After header of a throttled answer:
	// "seconds", "date", or "" for no header. Clarifai documents none.
	RetryAfter string
	// Latency delays every request.
	Latency time.Duration
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// Sleep waits for d or until ctx ends. Default: a timer.
	Sleep func(ctx context.Context, d time.Duration)
}

// Emulator is an emulated Clarifai API. It is safe for concurrent use.
type Emulator struct {
	opts    Options
	control http.Handler
	late    *lateWork
	file    stateFile

	mu       sync.Mutex // guards the fields below
	switches Switches
	store    *store
	limit    limiter
	faults   []*Fault // in the order of injection
	requests []*Request
	counts   Stats // of requests
}

var _ http.Handler = (*Emulator)(nil)

// New returns an emulator with one user and its personal access token. It panics
// if a switch has an invalid value or the PAT does not have 32 hexadecimal digits:
// both are bugs in the caller.
func New(o Options) *Emulator {
	o.UserID, o.PAT = cmp.Or(o.UserID, "emulator-user"), cmp.Or(o.PAT, NewSecret())
	if !wellFormedSecret(o.PAT) {
		panic("emulator: the personal access token must have 32 hexadecimal digits")
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
		late:     newLateWork(),
	}
	e.limit = limiter{perSecond: o.RequestsPerSecond, retryAfter: o.RetryAfter}
	e.control = e.Control()
	e.store.setPrimary(o.Now(), primary{o.UserID, o.PAT})
	return e
}

// UserID returns the ID of the first account, the owner of [Emulator.PAT].
func (e *Emulator) UserID() string { return e.primary().UserID }

// PAT returns the personal access token of the first account. It has every scope.
func (e *Emulator) PAT() string { return e.primary().PAT }

func (e *Emulator) primary() primary {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.primary
}

// SetSwitches replaces all switches. Those left at zero return to their defaults.
// It panics on an invalid value.
func (e *Emulator) SetSwitches(s Switches) {
	s = mustNormalize(s)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.switches = s
}

// NewSecret returns a random key in the form of Clarifai's published examples: 32
// lowercase hexadecimal digits.
func NewSecret() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// wellFormedSecret reports whether s has the form of a key or personal access token.
func wellFormedSecret(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 32
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
