package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// scopesSent need no other scopes, and are in no order that a server might choose.
var scopesSent = []string{"Models:Get", "Apps:Get", "Workflows:Get", "Concepts:Get", "Predict"}

// createKey creates a key of an app. One whose creation has an unknown outcome dies
// with the app.
func (p *probe) createKey(ctx context.Context, key clarifai.Key) (clarifai.Secret, error) {
	key.UserID = p.owner
	created, err := repeat(ctx, p.account, "PostKeys", func() (clarifai.Key, error) { return p.client.PostKey(ctx, key) })
	return created.Value, err
}

// postKey creates a key with fields that the provider's client does not send. A refusal
// is an answer, without an ID.
func (p *probe) postKey(ctx context.Context, more fields) (string, answer, error) {
	key := merged(fields{"apps": []any{fields{"id": p.app, "user_id": p.owner}}}, more)
	got, err := p.do(ctx, "PostKeys", request{verb: "POST", path: []string{p.owner, "keys"}, body: fields{"keys": []any{key}}})
	keys := got.body.Keys
	if err != nil || got.refused() || len(keys) != 1 {
		return "", got, err
	}
	return keys[0].ID, got, nil
}

// listed returns the keys in the listing of an app.
func (p *probe) listed(ctx context.Context, app string) ([]clarifai.Key, error) {
	return all(ctx, p.client.ListAppKeys(p.owner, app))
}

// readKey reads a key of the app from its listing, as it came; looking again if the
// listing does not show it at once.
func (p *probe) readKey(ctx context.Context, id string) (key wireKey, err error) {
	_, shown, err := p.until(ctx, 10*time.Second, func() (bool, error) {
		for page := 1; ; page++ {
			keys, err := p.page(ctx, page, clarifai.PageSize)
			if err != nil || len(keys) == 0 {
				return false, err
			}
			if i := slices.IndexFunc(keys, func(k wireKey) bool { return k.ID == id }); i >= 0 {
				key = keys[i]
				return true, nil
			}
		}
	})
	if err == nil && !shown {
		err = errors.New("the listing of the app lacks a key that was just created")
	}
	return key, err
}

// page reads a page of the app's listing as it came.
func (p *probe) page(ctx context.Context, number, size int) ([]wireKey, error) {
	got, err := p.do(ctx, "ListAppKeys", request{verb: "GET", path: []string{p.owner, "apps", p.app, "keys"},
		query: url.Values{"page": {strconv.Itoa(number)}, "per_page": {strconv.Itoa(size)}}})
	if err == nil && got.refused() {
		err = errors.New("the app's keys cannot be listed: " + got.String())
	}
	return got.body.Keys, err
}

// askNewKeys creates the keys and learns from the listing of one.
func (p *probe) askNewKeys(ctx context.Context) error {
	for n := range p.Options.keys {
		key, err := p.createKey(ctx, clarifai.Key{AppID: p.app, Description: fmt.Sprintf("key %d", n), Scopes: scopesSent})
		if err != nil {
			return err
		}
		p.keys = append(p.keys, key)
	}
	key, err := p.readKey(ctx, p.keys[len(p.keys)-1].Reveal())
	if err != nil {
		return err
	}
	scopes := key.Scopes
	switch all := strings.Join(scopes, ""); {
	case strings.Contains(all, ":"):
		p.record("scope_names", "colon", "scopes are %v", scopes)
	case strings.Contains(all, "_"):
		p.record("scope_names", "underscore", "scopes are %v", scopes)
	}
	for i := range scopes {
		scopes[i] = strings.Replace(scopes[i], "_", ":", 1)
	}
	reversed := slices.Clone(scopesSent)
	slices.Reverse(reversed)
	sorted := slices.Sorted(slices.Values(scopesSent))
	for order, want := range map[string][]string{"sent": scopesSent, "sorted": sorted, "reversed": reversed} {
		if slices.Equal(scopes, want) {
			p.record("scope_order", order, "sent as %v", scopesSent)
		}
	}
	p.record("echo_type", cmp.Or(key.Type, "none"), "the type of a key in the listing")
	p.leaveOpen(fmt.Sprintf("the key has the scopes %v", scopes), false)
	return nil
}

// askKeyPatch changes the description of a key, and then its scopes as well.
func (p *probe) askKeyPatch(ctx context.Context) error {
	id, err := p.createKey(ctx, clarifai.Key{AppID: p.app, Description: "old", Scopes: scopesSent})
	if err != nil {
		return err
	}
	patched := func(change fields) (key wireKey, err error) {
		body := fields{"action": "overwrite", "keys": []any{merged(fields{"id": id.Reveal()}, change)}}
		got, err := p.do(ctx, "PatchKeys", request{verb: "PATCH", path: []string{p.owner, "keys"}, body: body})
		if err == nil && got.refused() {
			err = errors.New("a PATCH of a key is refused: " + got.String())
		}
		if err != nil {
			return key, err
		}
		return p.readKey(ctx, id.Reveal())
	}
	key, err := patched(fields{"description": "new"})
	if err != nil {
		return err
	}
	kept := len(key.Scopes)
	p.record("key_overwrite", either(kept > 0, "by_field", "whole"),
		"after a new description, the key has %d of %d scopes", kept, len(scopesSent))
	if key, err = patched(fields{"description": "newer", "scopes": scopesSent[:2]}); err != nil {
		return err
	}
	var changed []string
	if key.Description == "newer" {
		changed = append(changed, "description")
	}
	if len(key.Scopes) == 2 {
		changed = append(changed, "scopes")
	}
	p.record("patch_changes", strings.Join(changed, " "),
		"the key has the description %q and %d of 2 scopes", key.Description, len(key.Scopes))
	return nil
}
