package emulator

import (
	"net/http"
)

var userRoutes = []*route{
	{name: "GetUser", verb: http.MethodGet, path: "users/{user}",
		params: []string{"user_app_id.app_id", "additional_fields"}, handle: (*Emulator).getUser},
	{name: "MyScopesUser", verb: http.MethodGet, path: "users/{user}/myscopes",
		params: []string{"user_app_id.app_id"}, handle: (*Emulator).myScopesUser},
	{name: "MyScopes", verb: http.MethodGet, path: "users/{user}/apps/{app}/myscopes",
		handle: (*Emulator).myScopes},
	{name: "MyScopes", verb: http.MethodGet, path: "myscopes",
		params: []string{"user_app_id.user_id", "user_app_id.app_id"}, handle: (*Emulator).myScopes},
	{name: "MyScopesRoot", verb: http.MethodGet, path: "myscopesroot",
		handle: (*Emulator).myScopesUser},
}

// getUser returns the caller, an organization the caller may act for, or any user
// with a public profile. An answer therefore does not prove access.
func (e *Emulator) getUser(x *exchange) (answer, *failure) {
	u := e.store.users[x.userID]
	if u == nil || !u.Public && !e.store.mayActFor(x.caller.UserID, x.userID) {
		return answer{}, fail(codeDoesNotExist, "user_id '%s' not found. Check the url of your request.", x.userID)
	}
	visibility := visibilityPrivate
	if u.Public {
		visibility = visibilityPublic
	}
	return answer{fields: map[string]any{"user": wireUser{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName,
		CompanyName: u.Company, CreatedAt: x.sw.stamp(u.CreatedAt), Visibility: x.sw.visibility(visibility)}}}, nil
}

// myScopesUser handles MyScopesUser and MyScopesRoot.
func (e *Emulator) myScopesUser(x *exchange) (answer, *failure) {
	return answer{fields: x.callerScopes()}, nil
}

// myScopes handles MyScopes, whose answer also names the app of an app-specific key.
func (e *Emulator) myScopes(x *exchange) (answer, *failure) {
	fields := x.callerScopes()
	ref, named := x.caller.app(), !x.caller.isPAT()
	if app, ok := x.vars["app"]; ok {
		ref, named = appRef{x.userID, app}, true
	}
	if named {
		a, f := e.findApp(x, ref)
		if f != nil {
			return answer{}, f
		}
		fields["app"] = wireApp{ID: a.ID, UserID: a.UserID}
	}
	return answer{fields: fields}, nil
}

// callerScopes omits empty lists, because neither is marked cl_show_if_empty.
func (x *exchange) callerScopes() map[string]any {
	fields := map[string]any{}
	if len(x.caller.Scopes) > 0 {
		fields["scopes"] = scopesInAnswer(x.caller.Scopes, x.sw)
	}
	if len(x.caller.Endpoints) > 0 {
		fields["endpoints"] = inOrder(x.caller.Endpoints, x.sw)
	}
	return fields
}

type wireUser struct {
	ID          string          `json:"id,omitempty"`
	FirstName   string          `json:"first_name,omitempty"`
	LastName    string          `json:"last_name,omitempty"`
	CompanyName string          `json:"company_name,omitempty"`
	CreatedAt   string          `json:"created_at,omitempty"`
	Visibility  *wireVisibility `json:"visibility,omitempty"`
}
