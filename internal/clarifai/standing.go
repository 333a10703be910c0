package clarifai

import (
	"context"
	"net/http"
	"slices"
)

// EndpointPrefix precedes the name of a method in an endpoint, to which a key or a PAT
// may be limited.
const EndpointPrefix = "/clarifai.api.V2/"

// Standing is what is known of the PAT behind a refused request.
type Standing struct {
	Account   string   // the user or organization that the request was for
	Owner     string   // whom the PAT belongs to; empty: not known
	AppKey    string   // the app of the key that was given in place of a PAT; empty: it is none, or not known
	Scopes    []string // what the PAT holds; none: not known
	Endpoints []string // what the PAT is limited to; none: it is not, or not known
	Shut      bool     // the account refuses to say what the PAT holds there, and to list its apps
}

// Foreign reports whether the PAT holds scopes, but not in the account that was
// asked, which belongs to somebody else.
func (s Standing) Foreign() bool {
	return s.Shut && len(s.Scopes) > 0 && s.Owner != "" && s.Owner != s.Account
}

// LacksEndpoint reports whether the PAT is limited to endpoints other than a method.
func (s Standing) LacksEndpoint(method string) bool {
	return len(s.Endpoints) > 0 && !slices.Contains(s.Endpoints, EndpointPrefix+method)
}

// OnRefusal makes find answer [Error.Standing]. The client itself knows nothing of
// accounts.
func (c *Client) OnRefusal(find func(ctx context.Context, account string) Standing) {
	c.findStanding = find
}

// Standing finds out about the PAT that a request was refused for. It may send a few
// requests the first time, so ask only for an error that is reported.
func (e *Error) Standing() Standing {
	if e == nil || e.standing == nil {
		return Standing{}
	}
	return e.standing()
}

// standingOf returns how to find out about the PAT of a call.
func (c *Client) standingOf(ctx context.Context, k call) func() Standing {
	if c.findStanding == nil || len(k.path) < 2 {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	return func() Standing { return c.findStanding(ctx, k.path[1]) }
}

// AppOfKey returns the app that the credential is limited to: an app key has one, a
// PAT has none.
func (c *Client) AppOfKey(ctx context.Context) (appID string, err error) {
	var out struct {
		envelope
		App struct {
			ID string `json:"id"`
		} `json:"app"`
	}
	err = c.do(ctx, call{method: "MyScopes", verb: http.MethodGet, path: []string{"myscopes"}, out: &out})
	return out.App.ID, err
}
