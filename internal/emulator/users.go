package emulator

import "net/http"

var userRoutes = []*route{
	{name: "GetUser", verb: http.MethodGet, path: "users/{user}", handle: (*Emulator).getUser},
	{name: "MyScopesUser", verb: http.MethodGet, path: "users/{user}/myscopes", handle: (*Emulator).myScopesUser},
	{name: "MyScopes", verb: http.MethodGet, path: "users/{user}/apps/{app}/myscopes", handle: (*Emulator).myScopes},
	{name: "MyScopes", verb: http.MethodGet, path: "myscopes", handle: (*Emulator).myScopes},
}

// getUser returns any user: profiles may be public. An answer does not prove access.
func (e *Emulator) getUser(x *exchange) (answer, *failure) {
	u := e.store.users.byName[x.userID]
	if u == nil {
		return nil, noUser(x.userID)
	}
	return answer{"user": wireUser{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName,
		CompanyName: u.Company, CreatedAt: x.sw.stamp(u.CreatedAt)}}, nil
}

func noUser(id string) *failure {
	return fail(codeDoesNotExist, "user_id '%s' not found. Check the url of your request.", id)
}

func (e *Emulator) myScopesUser(x *exchange) (answer, *failure) { return x.callerScopes(), nil }

// myScopes handles MyScopes, whose answer also names the app: the one in the path,
// or else the one that an app key belongs to.
func (e *Emulator) myScopes(x *exchange) (answer, *failure) {
	fields, app := x.callerScopes(), x.caller.app()
	if _, named := x.vars["app"]; named {
		a, f := e.appInPath(x)
		if f != nil {
			return nil, f
		}
		app = appRef{a.UserID, a.ID}
	} else if x.caller.isPAT() {
		return fields, nil
	}
	fields["app"] = wireApp{ID: app.AppID, UserID: app.UserID}
	return fields, nil
}

// callerScopes omits empty lists, because neither is marked cl_show_if_empty.
func (x *exchange) callerScopes() answer {
	fields := answer{}
	if len(x.caller.Scopes) > 0 {
		fields["scopes"] = scopesInAnswer(x.caller.Scopes, x.sw)
	}
	if len(x.caller.Endpoints) > 0 {
		fields["endpoints"] = inOrder(x.caller.Endpoints, x.sw)
	}
	return fields
}

type wireUser struct {
	ID          string `json:"id,omitempty"`
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	CompanyName string `json:"company_name,omitempty"`
	CreatedAt   string `json:"created_at,omitempty"`
}
