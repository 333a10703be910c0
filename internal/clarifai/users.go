package clarifai

import (
	"context"
	"errors"
	"net/http"
)

// User is the part of a user or organization that the client decodes.
type User struct {
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company_name"`
	CreatedAt Time   `json:"created_at"`
}

// GetMe returns the owner of the PAT.
func (c *Client) GetMe(ctx context.Context) (User, error) {
	var out struct {
		envelope
		User User `json:"user"`
	}
	err := c.do(ctx, call{method: "GetUser", verb: http.MethodGet, path: []string{"users", aliasMe}, out: &out})
	if err == nil && out.User.ID == "" {
		err = errors.New("GetUser: the answer has no user id; set user_id")
	}
	return out.User, err
}

// MyScopes returns what the PAT may do for the user or organization userID: its
// scopes and, if the PAT is limited to some, its endpoints.
func (c *Client) MyScopes(ctx context.Context, userID string) (scopes, endpoints []string, err error) {
	var out struct {
		envelope
		Scopes    []string `json:"scopes"`
		Endpoints []string `json:"endpoints"`
	}
	err = c.do(ctx, call{method: "MyScopesUser", verb: http.MethodGet, path: []string{"users", userID, "myscopes"}, out: &out})
	return out.Scopes, out.Endpoints, err
}
