package inventory

import (
	"errors"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// This file holds every conclusion of this package from what is known, one
// function for each question. One wrong, early or late answer must lead to none of
// them. They ask nothing: who gets unknown or contradicted asks, and comes back.

// conclusion is what a question comes to.
type conclusion int

const (
	no conclusion = iota
	yes
	unknown      // not everything was asked for
	contradicted // an answer says so and another one the opposite: ask again
)

// answer is what was answered to a question about an account.
type answer struct {
	asked bool
	err   error
}

// question is one that an account answers about itself.
type question int

const (
	scopes  question = iota // may be public, or ignore the user in the path
	listing                 // of apps; likewise
	private                 // the listing of its keys, or of the keys of any of its apps
)

// accountFacts is what an account answered.
type accountFacts struct {
	answers         [private + 1]answer
	search          answer   // the listing of its keys, read to its end
	held, endpoints []string // scopes of the PAT, and what it is limited to
}

// isRightAccount reports whether the account itself answers for the PAT, so that
// "not found" in it means something. The error says why not.
func isRightAccount(f accountFacts) (right conclusion, err error) {
	right = yes
	for q, a := range f.answers {
		// Only an account that the PAT may act for gets as far as to refuse keys for a scope.
		mayAct := question(q) == private && clarifai.IsInsufficientScopes(a.err)
		if a.err != nil && !mayAct {
			return no, a.err
		}
		if !a.asked {
			right = unknown
		}
	}
	return right, nil
}

// isAppGone reports whether an app does not exist. A key in a listing does not show
// that it does: listings lag behind a deletion.
func isAppGone(r *appRecord, account conclusion) conclusion {
	switch {
	case r.removed:
		return yes
	case !r.missing:
		return no
	case r.shown:
		return contradicted
	}
	return account
}

// wasRenamed reports whether the app that Clarifai names as the new one of another
// is that app: the same owner has it, and both were created at the same time, as
// far as that is known. Another app may have taken the ID since.
func wasRenamed(was, is clarifai.App) bool {
	sameOwner := was.UserID == "" || is.UserID == "" || was.UserID == is.UserID
	return sameOwner && !IsAnother(was.CreatedAt, is.CreatedAt)
}

// IsAnother reports whether the app that has an ID now is another one than before, by the
// times at which they were created, as far as both are known.
func IsAnother(was, is clarifai.Time) bool {
	return !was.IsZero() && !is.IsZero() && !sameTime(was, is)
}

// wasProbablyRenamed reports whether an app may be another one under a new ID, which
// Clarifai does not tell.
func wasProbablyRenamed(was, is clarifai.App) bool {
	return was.ID != is.ID && !was.CreatedAt.IsZero() && !is.CreatedAt.IsZero() && wasRenamed(was, is)
}

// sameTime compares without what answers differ in: the fraction of a microsecond, which
// is cut off or rounded.
func sameTime(a, b clarifai.Time) bool {
	return a.Sub(b.Time).Abs() < time.Microsecond
}

// keyFacts is what is known about a key that its app does not show.
type keyFacts struct {
	lacking bool // its app's own listing answered without it
	app     conclusion

	searched  bool     // the account's listing was read to its end; with lacking, the apps of states were asked
	elsewhere string   // the app in which that shows it
	from      []string // its app, and others in which it was looked for

	// lagging says that the app has this ID since a moment ago, so that listings may
	// lag behind, and settled that a state of this run knows the new ID already.
	lagging, settled bool
}

// isKeyGone reports whether a key does not exist.
func isKeyGone(f keyFacts) conclusion {
	switch {
	case f.elsewhere != "" && !slices.Contains(f.from, f.elsewhere): // another app may have the ID that its app had
		return no
	case f.lacking && f.lagging && !f.settled:
		return contradicted
	case !f.lacking && f.app != yes:
		return f.app // a "not found" of the listing says nothing of the key
	case !f.searched:
		return unknown
	case !f.lacking && f.elsewhere != "" && f.lagging: // or the listing lags behind the deletion
		return contradicted
	}
	return yes
}

// isKeyRevoked reports whether a DELETE has revoked a key, or somebody else before.
func isKeyRevoked(deleteErr error, gone conclusion) conclusion {
	return isDone(deleteErr, clarifai.IsKeyNotFound(deleteErr), gone)
}

// isAppDeleted reports whether a DELETE has deleted an app, or somebody else before.
func isAppDeleted(deleteErr error, gone conclusion) conclusion {
	return isDone(deleteErr, clarifai.IsNotFound(deleteErr), gone)
}

// isDone reports whether what a DELETE was for is gone. Clarifai may say "not found" of
// what lives.
func isDone(deleteErr error, notFound bool, gone conclusion) conclusion {
	switch {
	case deleteErr == nil:
		return yes
	case !notFound:
		return no
	case gone == no:
		return contradicted
	}
	return gone
}

// mayStillBeDeleted reports for how long a DELETE that got no answer may still be
// carried out: it would take whatever has the ID then.
func mayStillBeDeleted(r *appRecord, now time.Time) time.Duration {
	return max(0, r.lateUntil.Sub(now))
}

// mayDeleteApp reports whether an app may be deleted: it is empty, or gone. Only
// counts that were answered say that it is empty.
func mayDeleteApp(counts clarifai.Counts, countsErr error, gone conclusion) conclusion {
	switch {
	case countsErr == nil && counts.Inputs+counts.Datasets+counts.Models+counts.Pipelines == 0:
		return yes
	case clarifai.IsNotFound(countsErr):
		return gone
	}
	return no
}

// isCreatedMissing reports whether something that this run created is missing,
// which is never concluded for a while after its creation: Clarifai may show it
// late.
func isCreatedMissing(createdAt, now time.Time, wait time.Duration) conclusion {
	switch {
	case createdAt.IsZero():
		return no
	case now.Before(createdAt.Add(wait)):
		return contradicted
	}
	return yes
}

// ErrGone says that something does not exist, and that its account was verified
// to answer for the PAT.
var ErrGone = errors.New("it does not exist")

// ContradictionError says that Clarifai gave answers that contradict each other, even
// when it was asked again.
type ContradictionError struct {
	What string // such as "app acme/shop"
	// Said and Shown are what Clarifai answered.
	Said, Shown string
}

func (e *ContradictionError) Error() string {
	return "Clarifai contradicts itself about the " + e.What + ": " + e.Said + ", but " + e.Shown
}

// CreatedMissingError says that Clarifai does not show what this run created.
type CreatedMissingError struct{ What string }

func (e *CreatedMissingError) Error() string {
	return "this run created the " + e.What + ", but Clarifai does not show it yet"
}

// LaggingError says that a key was not found in an app that was renamed a moment
// ago, so that Clarifai's listings may still lack it.
type LaggingError struct {
	Key clarifai.KeyRef // with the app's old ID
	To  string          // the app's new ID; the old one: it is not known
}

func (e *LaggingError) Error() string {
	if e.To == e.Key.AppID {
		return "the app " + e.Key.App() + " was deleted or has another ID, but Clarifai's listing of the account still shows the key there"
	}
	return "the app " + e.Key.App() + " was renamed to " + e.To + ", and Clarifai does not list the key there yet"
}

// UnverifiedAccountError says that "not found" in an account proves nothing,
// because the account does not answer for the PAT.
type UnverifiedAccountError struct {
	UserID string
	Err    error
}

func (e *UnverifiedAccountError) Error() string {
	if clarifai.IsNotFound(e.Err) {
		return "this PAT has no access to the account \"" + e.UserID + "\": " + e.Err.Error()
	}
	return "the account " + e.UserID + " does not answer for this PAT, so \"not found\" proves nothing there: " + e.Err.Error()
}

// Unwrap returns the account's answer.
func (e *UnverifiedAccountError) Unwrap() error { return e.Err }
