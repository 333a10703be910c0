package emulator

import (
	"net/http"
	"slices"
	"time"
)

var keyRoutes = []*route{
	{name: "ListAppKeys", verb: http.MethodGet, path: "users/{user}/apps/{app}/keys", auth: patAuth,
		scopes: []string{"Apps:Get", "Keys:Get"}, params: []string{"page", "per_page"},
		list: "keys", handle: (*Emulator).listAppKeys},
	{name: "PostKeys", verb: http.MethodPost, path: "users/{user}/keys", auth: patAuth,
		scopes: []string{"Apps:Get", "Keys:Add", "Keys:Get"}, list: "keys", body: true, handle: (*Emulator).postKeys},
	{name: "ListKeys", verb: http.MethodGet, path: "users/{user}/keys", auth: patAuth,
		scopes: []string{"Keys:Get"}, params: listKeyParams, list: "keys", handle: (*Emulator).listKeys},
	{name: "PatchKeys", verb: http.MethodPatch, path: "users/{user}/keys", auth: patAuth,
		scopes: []string{"Keys:Add", "Keys:Get"}, list: "keys", body: true, handle: (*Emulator).patchKeys},
	{name: "GetKey", verb: http.MethodGet, path: "users/{user}/keys/{key}", auth: patAuth,
		scopes: []string{"Keys:Get"}, params: []string{"user_app_id.app_id"}, handle: (*Emulator).getKey},
	{name: "DeleteKey", verb: http.MethodDelete, path: "users/{user}/keys/{key}", auth: patAuth,
		scopes: []string{"Keys:Add", "Keys:Delete", "Keys:Get"}, params: []string{"user_app_id.app_id"},
		handle: (*Emulator).deleteKey},
}

func (e *Emulator) getKey(x *exchange) (answer, *failure) {
	k, f := e.findKey(x, x.vars["key"])
	if f != nil {
		return answer{}, f
	}
	return answer{fields: map[string]any{"key": x.sw.key(k)}}, nil
}

// findKey returns the key, or the failure that tells that it is not there.
func (e *Emulator) findKey(x *exchange, id string) (*Key, *failure) {
	k := e.store.keys[id]
	if k != nil && k.UserID == x.userID {
		return k, nil
	}
	if x.sw.KeyNotFound == codeKeyNotFound {
		return nil, fail(codeKeyNotFound, "invalid key(%s)", id)
	}
	return nil, fail(codeDoesNotExist, "key_id '%s' not found. Check the url of your request.", id)
}

func (e *Emulator) postKeys(x *exchange) (answer, *failure) {
	var body postKeysBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	if len(body.Keys) == 0 {
		return answer{}, fail(codeInvalidRequest, "keys must hold at least one key")
	}
	var changes []change
	var made []wireKey
	for i := range body.Keys {
		k, f := e.newKey(x, &body.Keys[i])
		if f != nil {
			return answer{}, f
		}
		changes = append(changes, change{Key: k})
		made = append(made, x.sw.writtenKey(k))
	}
	return answer{fields: map[string]any{"keys": made}}, e.commit(changes...)
}

// newKey makes the key that a request describes. The server chooses the id,
// which is the secret; whether a client could is unknown.
func (e *Emulator) newKey(x *exchange, in *keyIn) (*Key, *failure) {
	if in.ID != "" {
		return nil, fail(codeInvalidRequest, "the id of a new key is for the server to choose")
	}
	k := &Key{ID: NewSecret(), UserID: x.userID, CreatedAt: e.opts.Now(), OrganizationID: in.OrganizationID}
	if f := k.take(in, x.sw, true); f != nil {
		return nil, f
	}
	switch in.Type {
	case "", typeAppKey, "api_key":
		k.Type = typeAppKey
		if len(k.Scopes) == 0 && x.sw.DefaultScopes == "all" {
			k.Scopes = []string{scopeAll}
		}
		return k, e.bindToApp(x, k, in)
	case typePAT:
		k.Type = typePAT
		if len(in.Apps) > 0 {
			return nil, fail(codeInvalidRequest, "a personal access token is for no app")
		}
		return k, nil
	}
	return nil, fail(codeInvalidRequest, "type '%s' is neither %s nor %s", in.Type, typeAppKey, typePAT)
}

// bindToApp gives a new key the one app that it is for.
func (e *Emulator) bindToApp(x *exchange, k *Key, in *keyIn) *failure {
	if len(in.Apps) != 1 {
		return fail(codeInvalidRequest, "an app-specific key needs exactly one app, not %d", len(in.Apps))
	}
	ref := appRef{in.Apps[0].UserID, in.Apps[0].ID}
	if ref.AppID == "" || ref.UserID == "" {
		return fail(codeInvalidRequest, "apps[0] needs id and user_id")
	}
	if ref.UserID == "me" {
		ref.UserID = x.caller.UserID
	}
	if ref.UserID != x.userID || e.store.apps[ref] == nil {
		return fail(codeDoesNotExist, "app_id '%s' of user_id '%s' not found", ref.AppID, ref.UserID)
	}
	k.AppID = ref.AppID
	return nil
}

// take sets what is present in a request. With clear, present and empty counts
// as present.
func (k *Key) take(in *keyIn, sw Switches, clear bool) *failure {
	if in.Description != nil && (*in.Description != "" || clear) {
		k.Description = *in.Description
	}
	if len(in.Scopes) > 0 || in.Scopes != nil && clear {
		scopes, f := scopesFromRequest(in.Scopes, sw)
		if f != nil {
			return f
		}
		k.Scopes = scopes
	}
	if len(in.Endpoints) > 0 || in.Endpoints != nil && clear {
		if f := checkEndpoints(in.Endpoints); f != nil {
			return f
		}
		k.Endpoints = slices.Clone(in.Endpoints)
	}
	if in.ExpiresAt != nil {
		k.ExpiresAt = *in.ExpiresAt
	}
	return nil
}

// patchKeys knows only the action overwrite, as a comment in service.proto says.
func (e *Emulator) patchKeys(x *exchange) (answer, *failure) {
	var body patchKeysBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	if body.Action != "overwrite" {
		return answer{}, fail(codeInvalidRequest, "action '%s' is not supported, only 'overwrite'", body.Action)
	}
	if len(body.Keys) == 0 {
		return answer{}, fail(codeInvalidRequest, "keys must hold at least one key")
	}
	var changes []change
	var made []wireKey
	for i := range body.Keys {
		in := &body.Keys[i]
		k, f := e.findKey(x, in.ID)
		if f != nil {
			return answer{}, f
		}
		for _, app := range in.Apps {
			if app.ID != k.AppID {
				return answer{}, fail(codeInvalidRequest, "the app of a key can not be changed")
			}
		}
		k = k.clone()
		if x.sw.KeyOverwrite == "whole" {
			k.Description, k.Scopes, k.Endpoints, k.ExpiresAt = "", nil, nil, time.Time{}
		}
		if f := k.take(in, x.sw, x.sw.ClearStrings == "honoured"); f != nil {
			return answer{}, f
		}
		changes = append(changes, change{Key: k})
		made = append(made, x.sw.writtenKey(k))
	}
	return answer{fields: map[string]any{"keys": made}}, e.commit(changes...)
}

func (e *Emulator) deleteKey(x *exchange) (answer, *failure) {
	k, f := e.findKey(x, x.vars["key"])
	if f != nil {
		return answer{}, f
	}
	if f := e.commit(change{DropKey: k.ID}); f != nil {
		return answer{}, f
	}
	if x.sw.DeleteLag > 0 {
		e.store.haunt(k, e.store.listings+x.sw.DeleteLag)
	}
	return answer{}, nil
}

// haunt keeps a deleted key in listings.
func (s *store) haunt(k *Key, last int) {
	lists := []*keyList{entry(s.keysOf, k.UserID)}
	if !k.isPAT() {
		lists = append(lists, entry(s.keysIn, k.app()))
	}
	for _, l := range lists {
		l.ghosts = append(l.ghosts, ghost[*Key]{k, last})
	}
}
