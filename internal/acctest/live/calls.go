package live

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
)

// fields are the fields of an app or a key in a request.
type fields = map[string]any

// postApp creates an app of this run for the user that the run was asked about.
func (p *probe) postApp(ctx context.Context, what, id string, more fields) (answer, error) {
	app := fields{"id": id}
	maps.Copy(app, more)
	return p.do(ctx, request{what: what, verb: "POST", path: []string{"users", p.asked, "apps"},
		body: fields{"apps": []any{app}}, apps: []string{id}})
}

// getApp reads an app.
func (p *probe) getApp(ctx context.Context, id string) (answer, error) {
	return p.do(ctx, request{what: "reading an app", verb: "GET", path: []string{"users", p.owner, "apps", id}})
}

// postKey creates a key of an app and returns its ID.
func (p *probe) postKey(ctx context.Context, what, app string, more fields) (string, answer, error) {
	key := fields{"apps": []any{fields{"id": app, "user_id": p.owner}}}
	maps.Copy(key, more)
	got, err := p.do(ctx, request{what: what, verb: "POST", path: []string{"users", p.owner, "keys"},
		body: fields{"keys": []any{key}}, apps: []string{app}})
	if err != nil || got.refused() {
		return "", got, err
	}
	keys := objects(got.body["keys"])
	if len(keys) != 1 || text(keys[0]["id"]) == "" {
		return "", got, errors.New(what + ": the answer has no key")
	}
	return text(keys[0]["id"]), got, nil
}

// createKey is postKey for a key that must be created.
func (p *probe) createKey(ctx context.Context, what, app string, more fields) (string, error) {
	id, got, err := p.postKey(ctx, what, app, more)
	if err == nil && got.refused() {
		err = errors.New(what + ": " + got.String())
	}
	return id, err
}

// patchKey changes a key of the app.
func (p *probe) patchKey(ctx context.Context, what, id string, more fields) error {
	key := fields{"id": id}
	maps.Copy(key, more)
	_, err := p.ok(ctx, request{what: what, verb: "PATCH", path: []string{"users", p.owner, "keys"},
		body: fields{"action": "overwrite", "keys": []any{key}}, apps: []string{p.app}})
	return err
}

// readKey reads a key from the listing of its app, which keeps it out of the URL.
func (p *probe) readKey(ctx context.Context, id string) (map[string]any, error) {
	keys, err := p.listAppKeys(ctx, p.app)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if text(key["id"]) == id {
			return key, nil
		}
	}
	return nil, errors.New("the listing of the app lacks a key that was just created")
}

func (p *probe) listAppKeys(ctx context.Context, app string) ([]map[string]any, error) {
	return p.listAll(ctx, p.appKeys(app))
}

// appKeys is the listing of an app's keys.
func (p *probe) appKeys(app string) listing {
	return listing{what: "listing an app's keys", path: []string{"users", p.owner, "apps", app, "keys"}, field: "keys"}
}

// listing is a paged list of the API.
type listing struct {
	what  string
	path  []string
	query url.Values
	field string
}

// page reads one page of a listing.
func (c caller) page(ctx context.Context, l listing, number, size int) ([]map[string]any, error) {
	query := url.Values{"page": {strconv.Itoa(number)}, "per_page": {strconv.Itoa(size)}}
	maps.Copy(query, l.query)
	got, err := c.ok(ctx, request{what: l.what, verb: "GET", path: l.path, query: query})
	return objects(got.body[l.field]), err
}

// maxPage is the largest number of items that a page may be asked to have.
const maxPage = 1000

// listAll reads the pages of a listing until one is empty.
func (c caller) listAll(ctx context.Context, l listing) ([]map[string]any, error) {
	return c.listBy(ctx, l, maxPage)
}

// listBy is listAll with pages of a size.
func (c caller) listBy(ctx context.Context, l listing, size int) ([]map[string]any, error) {
	var all []map[string]any
	for number := 1; ; number++ {
		items, err := c.page(ctx, l, number, size)
		if err != nil || len(items) == 0 {
			return all, err
		}
		if tail := all[max(0, len(all)-len(items)):]; slices.Equal(ids(items), ids(tail)) {
			return all, errors.New(l.what + ": the API repeats a page instead of an empty one")
		}
		all = append(all, items...)
	}
}

// ids returns the IDs of apps or keys.
func ids(items []map[string]any) []string {
	var all []string
	for _, item := range items {
		all = append(all, text(item["id"]))
	}
	return all
}
