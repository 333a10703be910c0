package emulator

import (
	"net/http"
	"slices"
	"time"
)

var keyRoutes = []*route{
	{name: "ListAppKeys", verb: http.MethodGet, path: "users/{user}/apps/{app}/keys", params: []string{"page", "per_page"},
		list: "keys", handle: (*Emulator).listAppKeys},
	{name: "PostKeys", verb: http.MethodPost, path: "users/{user}/keys", list: "keys", body: true, handle: (*Emulator).postKeys},
	{name: "ListKeys", verb: http.MethodGet, path: "users/{user}/keys", params: listKeyParams, list: "keys", handle: (*Emulator).listKeys},
	{name: "PatchKeys", verb: http.MethodPatch, path: "users/{user}/keys", list: "keys", body: true, handle: (*Emulator).patchKeys},
	{name: "GetKey", verb: http.MethodGet, path: "users/{user}/keys/{key}", params: []string{"user_app_id.app_id"}, handle: (*Emulator).getKey},
	{name: "DeleteKey", verb: http.MethodDelete, path: "users/{user}/keys/{key}", params: []string{"user_app_id.app_id"},
		handle: (*Emulator).deleteKey},
}

func (e *Emulator) getKey(x *exchange) (answer, *failure) {
	k, f := e.findKey(x, x.vars["key"])
	if f != nil {
		return answer{}, f
	}
	return answer{fields: map[string]any{"key": x.sw.key(k)}}, nil
}

// findKey returns the key, or a failure if it does not exist.
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
	return writeAll(e, "keys", body.Keys, func(in *keyIn) ([]change, wireKey, *failure) {
		k, f := e.newKey(x, in)
		if f != nil {
			return nil, wireKey{}, f
		}
		return []change{{Key: k}}, x.sw.writtenKey(k), nil
	})
}

// newKey returns the key that a request describes. The server chooses the ID,
// which is the secret. Whether a client may choose it is unknown.
func (e *Emulator) newKey(x *exchange, in *keyIn) (*Key, *failure) {
	if in.ID != "" {
		return nil, fail(codeInvalidRequest, "the id of a new key must be empty: the server chooses it")
	}
	k := &Key{ID: NewSecret(), UserID: x.userID, CreatedAt: e.opts.Now(), OrganizationID: in.OrganizationID}
	if f := k.setFields(in, x.sw, true); f != nil {
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
			return nil, fail(codeInvalidRequest, "a personal access token must not have apps")
		}
		return k, nil
	}
	return nil, fail(codeInvalidRequest, "type '%s' is neither %s nor %s", in.Type, typeAppKey, typePAT)
}

// bindToApp sets the app of a new key.
func (e *Emulator) bindToApp(x *exchange, k *Key, in *keyIn) *failure {
	if len(in.Apps) != 1 {
		return fail(codeInvalidRequest, "an app-specific key must have exactly one app, not %d", len(in.Apps))
	}
	ref := appRef{in.Apps[0].UserID, in.Apps[0].ID}
	if ref.AppID == "" || ref.UserID == "" {
		return fail(codeInvalidRequest, "apps[0] must have id and user_id")
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

// setFields sets the fields that a request contains. With allowEmpty, an empty
// string or list replaces the old value.
func (k *Key) setFields(in *keyIn, sw Switches, allowEmpty bool) *failure {
	if in.Description != nil && (*in.Description != "" || allowEmpty) {
		k.Description = *in.Description
	}
	if len(in.Scopes) > 0 || in.Scopes != nil && allowEmpty {
		scopes, f := scopesFromRequest(in.Scopes, sw)
		if f != nil {
			return f
		}
		k.Scopes = scopes
	}
	if len(in.Endpoints) > 0 || in.Endpoints != nil && allowEmpty {
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

// patchKeys changes keys. It supports only the action overwrite, as a comment in
// service.proto says.
func (e *Emulator) patchKeys(x *exchange) (answer, *failure) {
	var body patchKeysBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	if body.Action != "overwrite" {
		return answer{}, fail(codeInvalidRequest, "action '%s' is not supported, only 'overwrite'", body.Action)
	}
	return writeAll(e, "keys", body.Keys, func(in *keyIn) ([]change, wireKey, *failure) {
		k, f := e.patchedKey(x, in)
		if f != nil {
			return nil, wireKey{}, f
		}
		return []change{{Key: k}}, x.sw.writtenKey(k), nil
	})
}

// patchedKey returns a changed copy of a key.
func (e *Emulator) patchedKey(x *exchange, in *keyIn) (*Key, *failure) {
	k, f := e.findKey(x, in.ID)
	if f != nil {
		return nil, f
	}
	for _, app := range in.Apps {
		if app.ID != k.AppID {
			return nil, fail(codeInvalidRequest, "the app of a key cannot be changed")
		}
	}
	k = k.clone()
	if x.sw.KeyOverwrite == "whole" {
		k.Description, k.Scopes, k.Endpoints, k.ExpiresAt = "", nil, nil, time.Time{}
	}
	return k, k.setFields(in, x.sw, x.sw.ClearStrings == "honoured")
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
		e.store.keepListed(k, e.store.listings+x.sw.DeleteLag)
	}
	return answer{}, nil
}

// keepListed keeps a deleted key in listings until the given one.
func (s *store) keepListed(k *Key, lastListing int) {
	lists := []*keyList{listOf(s.keysOf, k.UserID)}
	if !k.isPAT() {
		lists = append(lists, listOf(s.keysIn, k.app()))
	}
	for _, l := range lists {
		l.stale = append(l.stale, staleItem[*Key]{k, lastListing})
	}
}
