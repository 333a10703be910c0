package inventory

import (
	"context"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// VerifyAccount reports whether the account itself answers for this PAT: both
// its scopes and its listing of apps. Only then is a "not found" in that account
// to be believed, because Clarifai gives the same answer for a wrong user ID, and
// neither answer is proof alone: myscopes may ignore the user in its path, and a
// profile may be public. It asks once per account and fails with
// [UnverifiedAccountError].
func (i *Inventory) VerifyAccount(ctx context.Context, userID string) error {
	_, err := share(ctx, i, "verify/"+userID, func(ctx context.Context) (struct{}, error) {
		i.mu.Lock()
		known, ok := i.verified[userID]
		i.mu.Unlock()
		if ok {
			return struct{}{}, known
		}
		err := i.verifyAgain(ctx, userID)
		i.mu.Lock()
		i.verified[userID] = err
		i.mu.Unlock()
		return struct{}{}, err
	})
	return err
}

// verifyAgain asks the account, whatever it answered before.
func (i *Inventory) verifyAgain(ctx context.Context, userID string) error {
	_, _, err := i.client.MyScopes(ctx, userID)
	if err == nil {
		_, err = i.client.ListApps(userID, "").Next(ctx)
	}
	if err != nil {
		return &UnverifiedAccountError{UserID: userID, Err: err}
	}
	return nil
}

// gone returns [ErrGone] if the account answers, else why that is in doubt.
func (i *Inventory) gone(ctx context.Context, userID string) error {
	if err := i.VerifyAccount(ctx, userID); err != nil {
		return err
	}
	return ErrGone
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
