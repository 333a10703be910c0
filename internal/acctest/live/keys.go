package live

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// keyCount is the number of keys that questions about listings use.
const keyCount = 40

// scopesSent need no other scopes, and are in no order that a server might choose.
var scopesSent = []string{"Models:Get", "Apps:Get", "Workflows:Get", "Concepts:Get", "Predict"}

// askNewKeys creates the keys and learns from the listing of one.
func (p *probe) askNewKeys(ctx context.Context) error {
	for n := range keyCount {
		id, err := p.createKey(ctx, "creating a key", p.app, fields{"description": fmt.Sprintf("key %d", n), "scopes": scopesSent})
		if err != nil {
			return err
		}
		p.keys = append(p.keys, id)
	}
	key, err := p.readKey(ctx, p.keys[0])
	if err != nil {
		return err
	}
	scopes := texts(key["scopes"])
	p.record("scope_names", spelling(scopes), "scopes are %v", scopes)
	for i := range scopes {
		scopes[i] = strings.Replace(scopes[i], "_", ":", 1)
	}
	sorted, reversed := slices.Clone(scopesSent), slices.Clone(scopesSent)
	slices.Sort(sorted)
	slices.Reverse(reversed)
	order := ""
	switch {
	case slices.Equal(scopes, scopesSent):
		order = "sent"
	case slices.Equal(scopes, sorted):
		order = "sorted"
	case slices.Equal(scopes, reversed):
		order = "reversed"
	}
	p.record("scope_order", order, "sent as %v", scopesSent)
	switch kind := text(key["type"]); kind {
	case "":
		p.record("echo_type", "none", "the key has no type")
	default:
		p.record("echo_type", kind, "the type of the key")
	}
	return nil
}

// spelling returns how scopes are spelled, as the switch scope_names has it.
func spelling(scopes []string) string {
	all := strings.Join(scopes, "")
	switch {
	case strings.Contains(all, ":"):
		return "colon"
	case strings.Contains(all, "_"):
		return "underscore"
	}
	return ""
}

// askPages reads the listing of the app in several ways.
func (p *probe) askPages(ctx context.Context) error {
	all, err := p.listAppKeys(ctx, p.app)
	if err != nil {
		return err
	}
	ours := slices.DeleteFunc(ids(all), func(id string) bool { return !slices.Contains(p.keys, id) })
	reversed := slices.Clone(p.keys)
	slices.Reverse(reversed)
	order := "shuffle"
	switch {
	case sameCycle(ours, p.keys):
		order = "created"
	case sameCycle(ours, reversed):
		order = "reverse"
	}
	p.record("listing_order", order, "of %d keys", len(p.keys))

	first, err := p.page(ctx, p.appKeys(p.app), 1, maxPage)
	if err != nil {
		return err
	}
	limit := 0
	if len(first) < len(all) {
		limit = len(first)
	}
	p.record("page_cap", strconv.Itoa(limit), "a page had %d of %d keys", len(first), len(all))

	// Pages that no cap cuts, of a size that does not divide the number of keys.
	paged, err := p.listBy(ctx, p.appKeys(p.app), 7)
	if err != nil {
		return err
	}
	different := slices.Sorted(slices.Values(ids(paged)))
	different = slices.Compact(different)
	shifts := len(different) != len(paged) || len(different) < len(p.keys)
	p.record("shifting_pages", strconv.FormatBool(shifts), "pages of 7 had %d items, %d of them different", len(paged), len(different))
	return nil
}

// sameCycle reports whether two lists are equal apart from where they begin: pages
// may shift from one request to the next.
func sameCycle(a, b []string) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	i := slices.Index(b, a[0])
	return i >= 0 && slices.Equal(a, slices.Concat(b[i:], b[:i]))
}

// askAccountListing looks for the keys in the listing of the account.
func (p *probe) askAccountListing(ctx context.Context) error {
	account := listing{what: "listing the account's keys", path: []string{"users", p.owner, "keys"}, field: "keys"}
	missing := slices.Clone(p.keys)
	for range 3 { // pages may shift
		got, err := p.do(ctx, request{what: account.what, verb: "GET", path: account.path, query: account.query})
		if err != nil {
			return err
		}
		if got.refused() {
			p.record("account_listing", "refused", "%s", got)
			return nil
		}
		listed, err := p.listAll(ctx, account)
		if err != nil {
			return err
		}
		found := ids(listed)
		missing = slices.DeleteFunc(missing, func(id string) bool { return slices.Contains(found, id) })
	}
	value := "served"
	if len(missing) > 0 {
		value = "incomplete"
	}
	p.record("account_listing", value, "it lacks %d of %d keys", len(missing), len(p.keys))
	return nil
}

// askScopes creates a key with a scope whose dependency is missing.
func (p *probe) askScopes(ctx context.Context) error {
	id, got, err := p.postKey(ctx, "creating a key that lacks a dependency", p.app, fields{"scopes": []string{"Inputs:Add"}})
	if err != nil {
		return err
	}
	if got.refused() {
		p.record("scopes", "refused", "%s", got)
		return nil
	}
	key, err := p.readKey(ctx, id)
	if err != nil {
		return err
	}
	value := "expanded"
	if scopes := texts(key["scopes"]); len(scopes) == 1 {
		value = "stored"
	}
	p.record("scopes", value, "Inputs:Add became %v", texts(key["scopes"]))
	return nil
}

// askDefaultScopes creates a key without scopes.
func (p *probe) askDefaultScopes(ctx context.Context) error {
	id, err := p.createKey(ctx, "creating a key without scopes", p.app, nil)
	if err != nil {
		return err
	}
	key, err := p.readKey(ctx, id)
	if err != nil {
		return err
	}
	value := ""
	switch scopes := texts(key["scopes"]); {
	case len(scopes) == 0:
		value = "none"
	case slices.Equal(scopes, []string{"All"}):
		value = "all"
	}
	p.record("default_scopes", value, "the key has the scopes %v", texts(key["scopes"]))
	return nil
}

// askKeyEndpoints creates a key that is limited to an endpoint.
func (p *probe) askKeyEndpoints(ctx context.Context) error {
	id, err := p.createKey(ctx, "creating a key with endpoints", p.app,
		fields{"scopes": scopesSent, "endpoints": []string{"/clarifai.api.V2/GetApp"}})
	if err != nil {
		return err
	}
	key, err := p.readKey(ctx, id)
	if err != nil {
		return err
	}
	value := "shown"
	if len(texts(key["endpoints"])) == 0 {
		value = "hidden"
	}
	p.record("key_endpoints", value, "the key has the endpoints %v", texts(key["endpoints"]))
	return nil
}

// askKeyOverwrite changes the description of a key and nothing else.
func (p *probe) askKeyOverwrite(ctx context.Context) error {
	id, err := p.createKey(ctx, "creating a key to change", p.app, fields{"description": "old", "scopes": scopesSent})
	if err != nil {
		return err
	}
	if err := p.patchKey(ctx, "changing the description of a key", id, fields{"description": "new"}); err != nil {
		return err
	}
	key, err := p.readKey(ctx, id)
	if err != nil {
		return err
	}
	value := "by_field"
	if len(texts(key["scopes"])) == 0 {
		value = "whole"
	}
	if text(key["description"]) != "new" {
		return errors.New("a PATCH did not change the description of a key")
	}
	p.record("key_overwrite", value, "after a new description, the key has %d of %d scopes", len(texts(key["scopes"])), len(scopesSent))
	return nil
}

// askKeyNotFound reads a key that does not exist.
func (p *probe) askKeyNotFound(ctx context.Context) error {
	var nobody [16]byte
	rand.Read(nobody[:])
	got, err := p.do(ctx, request{what: "reading a key that does not exist", verb: "GET",
		path: []string{"users", p.owner, "keys", hex.EncodeToString(nobody[:])}})
	if err != nil {
		return err
	}
	if !got.refused() {
		return errors.New("a key that does not exist was found")
	}
	p.record("key_not_found", got.code, "%s", got)
	p.record("success_on_failure", strconv.FormatBool(got.http == http.StatusOK), "an error has HTTP %d", got.http)
	return nil
}
