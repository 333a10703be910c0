package emulator

import "strconv"

// getUser answers for the caller, for organizations that the caller acts for,
// and for any user with a public profile. So it proves nothing about access.
func (e *Emulator) getUser(x *exchange) (answer, *failure) {
	u := e.store.users[x.userID]
	if u == nil || !u.Public && !e.store.mayActFor(x.caller.UserID, x.userID) {
		return answer{}, fail(codeDoesNotExist, "user_id '%s' not found. Check the url of your request.", x.userID)
	}
	visibility := visibilityPrivate
	if u.Public {
		visibility = visibilityPublic
	}
	return answer{fields: map[string]any{"user": wireUser{ID: u.ID, CreatedAt: x.sw.stamp(u.CreatedAt),
		Visibility: x.sw.visibility(visibility)}}}, nil
}

// myScopesUser serves MyScopesUser and MyScopesRoot.
func (e *Emulator) myScopesUser(x *exchange) (answer, *failure) {
	return answer{fields: x.callerScopes()}, nil
}

// myScopes also names the app that an app-specific key is for.
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

// callerScopes leaves out empty lists: none of them is marked cl_show_if_empty.
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

func (e *Emulator) listStatusCodes(x *exchange) (answer, *failure) {
	statuses := make([]wireStatus, len(statusCodes))
	for i, s := range statusCodes {
		statuses[i] = wireStatus{Code: x.codeInAnswer(s), Description: s.description}
	}
	return answer{fields: map[string]any{"statuses": statuses}}, nil
}

// getStatusCode answers in status itself: the published message has no other
// member.
func (e *Emulator) getStatusCode(x *exchange) (answer, *failure) {
	code, err := strconv.Atoi(x.vars["code"])
	known := lookUpStatus(code)
	if err != nil || known.name == "" {
		return answer{}, fail(codeDoesNotExist, "status code '%s' not found.", x.vars["code"])
	}
	return answer{details: known.name + ": " + known.description}, nil
}

func (x *exchange) codeInAnswer(s statusCode) any {
	if x.sw.Enums == "names" && s.name != "" {
		return s.name
	}
	return s.code
}
