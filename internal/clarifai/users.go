package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// User is the part of a user or organization that the client reads.
type User struct {
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company_name"`
	CreatedAt Time   `json:"created_at"`
}

// shared does what several callers want at the same time once for all of them.
// One that is cancelled leaves; it does not take the others with it.
func (c *Client) shared(ctx context.Context, name string, do func(context.Context) (any, error)) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	done := c.flight.DoChan(name, func() (any, error) {
		return guarded(c, func() (any, error) { return do(context.WithoutCancel(ctx)) })
	})
	select {
	case r := <-done:
		return r.Val, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// guarded makes an error of a panic on a goroutine of the client's own, where
// nobody else could. Left alone it would end the process, and the value that is
// printed then may hold a key.
func guarded[T any](c *Client, do func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the client panicked, which is a mistake in it; please report it: " + c.RedactForeign(fmt.Sprint(p)))
		}
	}()
	return do()
}

// Me is the owner of the PAT, asked for once.
func (c *Client) Me(ctx context.Context) (User, error) {
	v, err := c.shared(ctx, "me", func(ctx context.Context) (any, error) {
		c.mu.Lock()
		known := c.me
		c.mu.Unlock()
		if known != nil {
			return *known, nil
		}
		var out struct {
			envelope
			User User `json:"user"`
		}
		if err := c.do(ctx, call{method: "GetUser", verb: http.MethodGet, path: []string{"users", "me"}, out: &out}); err != nil {
			return nil, err
		}
		if out.User.ID == "" {
			return nil, errors.New("GetUser: the answer has no user id; set user_id")
		}
		c.mu.Lock()
		c.me = &out.User
		c.mu.Unlock()
		return out.User, nil
	})
	if err != nil {
		return User{}, err
	}
	return v.(User), nil
}

// MyScopes is what the PAT may do for the user or organization userID: its
// scopes and, where the PAT is limited to some, its endpoints.
func (c *Client) MyScopes(ctx context.Context, userID string) (scopes, endpoints []string, err error) {
	var out struct {
		envelope
		Scopes    []string `json:"scopes"`
		Endpoints []string `json:"endpoints"`
	}
	err = c.do(ctx, call{method: "MyScopesUser", verb: http.MethodGet, path: []string{"users", userID, "myscopes"}, out: &out})
	return out.Scopes, out.Endpoints, err
}

// Trust reports whether the account itself answers for this PAT. Only then is
// a "not found" below that account to be believed: Clarifai gives the same
// answer for a wrong user id. It is asked once for each account.
func (c *Client) Trust(ctx context.Context, userID string) error {
	_, err := c.shared(ctx, "trust/"+userID, func(ctx context.Context) (any, error) {
		c.mu.Lock()
		known, ok := c.trusted[userID]
		c.mu.Unlock()
		if ok {
			return nil, known
		}
		err := c.vouch(ctx, userID)
		c.mu.Lock()
		c.trusted[userID] = err
		c.mu.Unlock()
		return nil, err
	})
	return err
}

// vouch asks the account itself, now.
func (c *Client) vouch(ctx context.Context, userID string) error {
	if _, _, err := c.MyScopes(ctx, userID); err != nil {
		return &UntrustedError{UserID: userID, Err: err}
	}
	return nil
}

// UntrustedError says that "not found" below an account means nothing, because
// the account does not answer for the PAT.
type UntrustedError struct {
	UserID string
	Err    error
}

func (e *UntrustedError) Error() string {
	return "the account " + e.UserID + " does not answer for this PAT, so \"not found\" proves nothing there: " + e.Err.Error()
}

// Unwrap gives the account's answer.
func (e *UntrustedError) Unwrap() error { return e.Err }
