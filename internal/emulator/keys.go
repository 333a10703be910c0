package emulator

import (
	"cmp"
	"hash/fnv"
	"net/http"
	"slices"
	"time"
)

var keyRoutes = []*route{
	{name: "ListAppKeys", verb: http.MethodGet, path: "users/{user}/apps/{app}/keys", params: pageParams, list: "keys",
		handle: (*Emulator).listAppKeys},
	{name: "PostKeys", verb: http.MethodPost, path: "users/{user}/keys", list: "keys", body: true, handle: (*Emulator).postKeys},
	{name: "ListKeys", verb: http.MethodGet, path: "users/{user}/keys", params: pageParams, list: "keys", handle: (*Emulator).listKeys},
	{name: "PatchKeys", verb: http.MethodPatch, path: "users/{user}/keys", list: "keys", body: true, handle: (*Emulator).patchKeys},
	{name: "GetKey", verb: http.MethodGet, path: "users/{user}/keys/{key}", handle: (*Emulator).getKey},
	{name: "DeleteKey", verb: http.MethodDelete, path: "users/{user}/keys/{key}", handle: (*Emulator).deleteKey},
}

func (e *Emulator) listAppKeys(x *exchange) (answer, *failure) {
	a, f := e.appInPath(x)
	if f != nil {
		return nil, f
	}
	now := e.opts.Now()
	return e.answerKeys(x, func(k *Key) bool {
		return k.app() == a.ref() && e.store.listedApp(k, now) == k.AppID || k.UserID == a.UserID && slices.Contains(k.AlsoIn, a.ID)
	})
}

// listKeys lists every key of the account, including its personal access tokens.
func (e *Emulator) listKeys(x *exchange) (answer, *failure) {
	if x.sw.AccountListing == "refused" {
		return nil, fail(codeInsufficientScopes, "missing endpoints: %sListKeys", methodPrefix)
	}
	seen := 0
	return e.answerKeys(x, func(k *Key) bool {
		if k.UserID == x.userID && !k.isPAT() {
			seen++
		}
		return k.UserID == x.userID && !(x.sw.AccountListing == "incomplete" && !k.isPAT() && seen%7 == 0)
	})
}

func (e *Emulator) answerKeys(x *exchange, matches func(*Key) bool) (answer, *failure) {
	e.store.listings++
	keys := slices.Clone(e.store.keys.all)
	if x.sw.ListingOrder == "shuffle" { // by a hash, so that the order is stable
		slices.SortFunc(keys, func(a, b *Key) int { return cmp.Compare(a.hash(), b.hash()) })
	}
	for _, s := range e.store.staleKeys {
		if s.lastListing >= e.store.listings {
			keys = append(keys, s.item)
		}
	}
	now := e.opts.Now()
	keys = slices.DeleteFunc(keys, func(k *Key) bool {
		return e.misses(x, k.CreatedAt) || x.sw.ExpiredKeys == "unlisted" && k.expired(now) || !matches(k)
	})
	if x.sw.ListingOrder == "reverse" {
		slices.Reverse(keys)
	}
	wires, f := listed(e, x, keys, func(k *Key) wireKey {
		if appID := e.store.listedApp(k, now); appID != k.AppID {
			k = k.clone()
			k.AppID = appID
		}
		return x.sw.key(k)
	})
	return answer{"keys": wires}, f
}

// hash returns a number that is unrelated to the order of creation.
func (k *Key) hash() uint64 {
	h := fnv.New64a()
	h.Write([]byte(k.ID))
	return h.Sum64()
}

func (e *Emulator) getKey(x *exchange) (answer, *failure) {
	k, f := e.findKey(x, x.vars["key"])
	if f != nil {
		return nil, f
	}
	return answer{"key": x.sw.key(k)}, nil
}

// findKey returns the key, or a failure if it does not exist.
func (e *Emulator) findKey(x *exchange, id string) (*Key, *failure) {
	k := e.store.keys.byName[id]
	if k != nil && k.UserID == x.userID && !e.misses(x, k.CreatedAt) {
		return k, nil
	}
	if x.sw.KeyNotFound == codeKeyNotFound {
		return nil, fail(codeKeyNotFound, "invalid key(%s)", id)
	}
	return nil, fail(codeDoesNotExist, "key_id '%s' not found. Check the url of your request.", id)
}

func (e *Emulator) postKeys(x *exchange) (answer, *failure) {
	var body struct {
		Keys []keyIn `json:"keys"`
	}
	if f := x.decode(&body); f != nil {
		return nil, f
	}
	keys, f := each("keys", body.Keys, func(in *keyIn) (*Key, *failure) { return e.newKey(x, in) })
	if f != nil {
		return nil, f
	}
	return e.putKeys(x, keys), nil
}

// putKeys stores new or changed keys.
func (e *Emulator) putKeys(x *exchange, keys []*Key) answer {
	wires := make([]wireKey, len(keys))
	for i, k := range keys {
		e.store.putKey(k)
		wires[i] = x.sw.writtenKey(k)
	}
	return answer{"keys": wires}
}

// newKey returns the key that a request describes. The server chooses the ID,
// which is the secret. Whether a client may choose it is unknown.
func (e *Emulator) newKey(x *exchange, in *keyIn) (*Key, *failure) {
	if in.ID != "" {
		return nil, fail(codeInvalidRequest, "the id of a new key must be empty: the server chooses it")
	}
	if !slices.Contains([]string{"", typeAppKey, "api_key"}, in.Type) {
		return nil, fail(codeInvalidRequest, "type '%s' is not supported, only %s", in.Type, typeAppKey)
	}
	k := &Key{ID: NewSecret(), Type: typeAppKey, UserID: x.userID, CreatedAt: e.opts.Now()}
	if f := k.setFields(in, x.sw, true); f != nil {
		return nil, f
	}
	if len(k.Scopes) == 0 {
		switch x.sw.DefaultScopes {
		case "refused":
			return nil, fail(codeInvalidRequest, "a key must have scopes")
		case "all":
			k.Scopes = []string{scopeAll}
		}
	}
	return k, e.bindToApp(x, k, in)
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
	if ref.UserID != x.userID || e.store.app(ref) == nil {
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
	switch {
	case in.ExpiresAt == nil || sw.ExpiresAt == "ignored":
	case sw.ExpiresAt == "refused":
		return fail(codeInvalidRequest, "expires_at is not supported")
	default:
		k.ExpiresAt = *in.ExpiresAt
	}
	return nil
}

// patchKeys changes keys. It supports only the action overwrite, as a comment in
// service.proto says.
func (e *Emulator) patchKeys(x *exchange) (answer, *failure) {
	var body struct {
		Keys   []keyIn `json:"keys"`
		Action string  `json:"action"`
	}
	if f := x.decode(&body); f != nil {
		return nil, f
	}
	if body.Action != "overwrite" {
		return nil, fail(codeInvalidRequest, "action '%s' is not supported, only 'overwrite'", body.Action)
	}
	keys, f := each("keys", body.Keys, func(in *keyIn) (*Key, *failure) { return e.patchedKey(x, in) })
	if f != nil {
		return nil, f
	}
	return e.putKeys(x, keys), nil
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
	return k, k.setFields(in, x.sw, x.sw.ClearStrings == "honored")
}

func (e *Emulator) deleteKey(x *exchange) (answer, *failure) {
	k, f := e.findKey(x, x.vars["key"])
	if f != nil {
		return nil, f
	}
	e.store.keys.drop(k)
	if x.sw.DeleteLag > 0 {
		e.store.keepListed(x.sw.DeleteLag, k)
	}
	return nil, nil
}
