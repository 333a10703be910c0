package live

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// askDeleteLag deletes a key and counts the listings that still show it. The key is
// the only one of an app, so that a page is enough.
func (p *probe) askDeleteLag(ctx context.Context) error {
	app := p.run + "-b"
	got, err := p.postApp(ctx, "creating a second app", app, nil)
	if err != nil || got.refused() {
		return errors.Join(err, errors.New("creating a second app: "+got.String()))
	}
	id, err := p.createKey(ctx, "creating a key to delete", app, fields{"scopes": scopesSent})
	if err != nil {
		return err
	}
	_, err = p.ok(ctx, request{what: "deleting a key", verb: "DELETE", path: []string{"users", p.owner, "keys", id}, apps: []string{app}})
	if err != nil {
		return err
	}
	deleted := p.Clock.Now()
	for n := range 50 {
		keys, err := p.page(ctx, p.appKeys(app), 1, maxPage)
		if err != nil {
			return err
		}
		if !slices.Contains(ids(keys), id) {
			p.record("delete_lag", strconv.Itoa(n), "gone from the listing %s after the DELETE", p.since(deleted))
			return nil
		}
	}
	return errors.New("50 listings showed a key after its deletion")
}

func (p *probe) since(t time.Time) time.Duration {
	return p.Clock.Now().Sub(t).Truncate(10 * time.Millisecond)
}

// askOutsideModels searches, with a key, in an app whose base workflow is Clarifai's
// own. On a real account, the search is one paid operation.
func (p *probe) askOutsideModels(ctx context.Context) error {
	app := p.run + "-c"
	got, err := p.postApp(ctx, "creating a third app", app, nil)
	if err != nil || got.refused() {
		return errors.Join(err, errors.New("creating a third app: "+got.String()))
	}
	key, err := p.createKey(ctx, "creating a key that searches", app, fields{"scopes": []string{"All"}})
	if err != nil {
		return err
	}
	image := fields{"image": fields{"url": "https://samples.clarifai.com/metro-north.jpg"}}
	query := fields{"ranks": []any{fields{"annotation": fields{"data": image}}}}
	got, err = p.do(ctx, request{what: "searching with a key", verb: "POST", path: []string{"users", p.owner, "apps", app, "inputs", "searches"},
		body: fields{"searches": []any{fields{"query": query}}}, key: key, apps: []string{app}})
	if err != nil {
		return err
	}
	value := map[string]string{"10000": "served", "11007": "refused", "11101": "not_found"}[got.code]
	p.record("outside_models", value, "a search answers %s", got)
	return nil
}

// askRename renames the app, last of all.
func (p *probe) askRename(ctx context.Context) error {
	if len(p.keys) == 0 {
		return errors.New("no key was created that could follow a renamed app")
	}
	old, renamed := p.app, p.run+"-d"
	_, err := p.ok(ctx, request{what: "renaming an app", verb: "PATCH", path: []string{"users", p.owner, "apps", "ids"},
		body: fields{"action": "overwrite", "ids": []any{fields{"id": old, "new_id": renamed}}}, apps: []string{old, renamed}})
	if err != nil {
		return err
	}
	at := p.Clock.Now()
	p.app = renamed
	if err := p.awaitKeys(ctx, at); err != nil {
		return err
	}
	got, err := p.getApp(ctx, old)
	if err != nil {
		return err
	}
	switch {
	case got.code == "10050":
		p.record("rename_old", "moved", "%s", got)
	case got.refused():
		p.record("rename_old", "not_found", "%s", got)
	default:
		p.record("rename_old", "", "the old ID still answers: %s", got)
	}
	return nil
}

// awaitKeys looks once a second, for half a minute, whether the keys of the app that
// was renamed are in its listing.
func (p *probe) awaitKeys(ctx context.Context, renamed time.Time) error {
	for {
		looked := p.Clock.Now().Sub(renamed)
		if looked > 30*time.Second {
			break
		}
		keys, err := p.listAppKeys(ctx, p.app)
		if err != nil {
			return err
		}
		if slices.Contains(ids(keys), p.keys[0]) {
			p.record("rename_keys", "follow", "the keys are in the renamed app")
			p.record("rename_lag", looked.Truncate(time.Second).String(), "listed %s after the rename", p.since(renamed))
			return nil
		}
		if err := p.Clock.Sleep(ctx, time.Second); err != nil {
			return err
		}
	}
	p.record("rename_keys", "dropped", "no listing of 30 seconds showed a key of the renamed app")
	p.record("rename_lag", "", "the keys did not follow the app")
	return nil
}
