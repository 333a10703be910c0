package emulator

import "slices"

var listKeyParams = append([]string{"not_expired", "scopes", "endpoints", "type"}, pageParams...)

func (e *Emulator) listAppKeys(x *exchange) (answer, *failure) {
	ref := appRef{x.userID, x.vars["app"]}
	if _, f := e.findApp(x, ref); f != nil {
		return answer{}, f
	}
	now := e.opts.Now()
	return e.listedKeys(x, listOf(e.store.keysIn, ref), func(k *Key) bool { return e.store.listedApp(k, now) == k.AppID })
}

// listKeys lists every key of the account, including its personal access tokens.
func (e *Emulator) listKeys(x *exchange) (answer, *failure) {
	if x.sw.AccountListing == "refused" {
		return answer{}, fail(codeInsufficientScopes, "missing endpoints: %sListKeys", methodPrefix)
	}
	matches, f := e.keyFilter(x.query)
	if f != nil {
		return answer{}, f
	}
	return e.listedKeys(x, listOf(e.store.keysOf, x.userID), matches)
}

func (e *Emulator) listedKeys(x *exchange, list *keyList, matches func(*Key) bool) (answer, *failure) {
	p, f := x.page()
	if f != nil {
		return answer{}, f
	}
	e.store.listings++
	list.stale = dropExpired(list.stale, e.store.listings)
	ordered := list.keys
	if x.sw.ListingOrder == "shuffle" {
		ordered = list.inShuffledOrder()
	}
	keys := make([]*Key, 0, len(ordered)+len(list.stale))
	for _, k := range ordered {
		if matches(k) {
			keys = append(keys, k)
		}
	}
	for _, s := range list.stale {
		if matches(s.item) {
			keys = append(keys, s.item)
		}
	}
	if x.sw.ListingOrder == "reverse" {
		slices.Reverse(keys)
	}
	wires := []wireKey{}
	now := e.opts.Now()
	for _, k := range pageOf(p, rotated(keys, p, &list.rotation, x.sw)) {
		if appID := e.store.listedApp(k, now); appID != k.AppID {
			k = k.clone()
			k.AppID = appID
		}
		wires = append(wires, x.sw.key(k))
	}
	return answer{fields: map[string]any{"keys": wires}}, nil
}

// keyFilter reads the filters of ListKeys. A key matches if it has all of the
// given scopes and endpoints. If the switch account_listing is "incomplete", the
// filter drops every seventh app key.
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
		return nil, fail(codeInvalidRequest, "key type '%s' does not exist", kind)
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
