package emulator

import (
	"slices"
	"time"
)

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

func (e *Emulator) listAppKeys(x *exchange) (answer, *failure) {
	ref := appRef{x.userID, x.vars["app"]}
	if _, f := e.findApp(x, ref); f != nil {
		return answer{}, f
	}
	return e.listedKeys(x, entry(e.store.keysIn, ref), func(*Key) bool { return true })
}

// listKeys lists every key of the account, also its personal access tokens.
func (e *Emulator) listKeys(x *exchange) (answer, *failure) {
	if x.sw.AccountListing == "refused" {
		return answer{}, fail(codeInsufficientScopes, "missing endpoints: %sListKeys", methodPrefix)
	}
	lets, f := e.keyFilter(x.query)
	if f != nil {
		return answer{}, f
	}
	return e.listedKeys(x, entry(e.store.keysOf, x.userID), lets)
}

func (e *Emulator) listedKeys(x *exchange, list *keyList, lets func(*Key) bool) (answer, *failure) {
	p, f := x.query.page()
	if f != nil {
		return answer{}, f
	}
	e.store.listings++
	list.ghosts = current(list.ghosts, e.store.listings)
	ordered := list.keys
	if x.sw.ListingOrder == "shuffle" {
		ordered = list.inShuffledOrder()
	}
	keys := make([]*Key, 0, len(ordered)+len(list.ghosts))
	for _, k := range ordered {
		if lets(k) {
			keys = append(keys, k)
		}
	}
	for _, g := range list.ghosts {
		if lets(g.what) {
			keys = append(keys, g.what)
		}
	}
	if x.sw.ListingOrder == "reverse" {
		slices.Reverse(keys)
	}
	wires := []wireKey{}
	for _, k := range cut(p, turned(keys, p, &list.turns, x.sw)) {
		wires = append(wires, x.sw.key(k))
	}
	return answer{fields: map[string]any{"keys": wires}}, nil
}

// keyFilter reads the filters of ListKeys. A key has to have all of the scopes
// and all of the endpoints that are listed; the switch for incomplete account
// listings drops every seventh app key.
func (e *Emulator) keyFilter(q query) (func(*Key) bool, *failure) {
	notExpired, f := q.flag("not_expired")
	if f != nil {
		return nil, f
	}
	kind := q.values.Get("type")
	if kind == "api_key" {
		kind = typeAppKey
	}
	if kind != "" && kind != typeAppKey && kind != typePAT {
		return nil, fail(codeInvalidRequest, "there is no key type '%s'", kind)
	}
	scopes := slices.Clone(q.values["scopes"])
	for i := range scopes {
		scopes[i], _ = canonicalScope(scopes[i])
	}
	now, incomplete, seen := e.opts.Now(), e.switches.AccountListing == "incomplete", 0
	return func(k *Key) bool {
		if !k.isPAT() {
			seen++
		}
		return !(incomplete && !k.isPAT() && seen%7 == 0) &&
			!(notExpired && k.expired(now)) &&
			(kind == "" || k.Type == kind) &&
			len(missing(scopes, k.Scopes)) == 0 &&
			len(missing(q.values["endpoints"], k.Endpoints)) == 0
	}, nil
}
