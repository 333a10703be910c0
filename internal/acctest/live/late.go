package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// expiring returns a key that expires after a time.
func (p *probe) expiring(in time.Duration) fields {
	return fields{"scopes": scopesSent, "expires_at": p.Clock.Now().Add(in).UTC().Format(time.RFC3339)}
}

// askExpired creates a key that expires at once.
func (p *probe) askExpired(ctx context.Context) error {
	if expires := p.found["expires_at"].Value; expires != "stored" {
		p.leaveOpen("no key expires, so none has expired", expires != "")
		return nil
	}
	id, got, err := p.postKey(ctx, p.expiring(10*time.Second))
	if err != nil || got.refused() {
		return errors.Join(err, errors.New("a key that expires in 10 seconds: "+got.String()))
	}
	if works, used, err := p.works(ctx, clarifai.Secret(id), p.app); err != nil || !works {
		return errors.Join(err, errors.New("a key that has not expired yet does not work: "+used.String()))
	}
	if err := p.Clock.Sleep(ctx, 20*time.Second); err != nil {
		return err
	}
	works, used, err := p.works(ctx, clarifai.Secret(id), p.app)
	if err != nil {
		return err
	}
	keys, err := p.listed(ctx, p.app)
	if err != nil {
		return err
	}
	value := "refused"
	switch {
	case works:
		value = "served"
	case !slices.ContainsFunc(keys, func(k clarifai.Key) bool { return k.Value == clarifai.Secret(id) }):
		value = "unlisted"
	}
	p.record("expired_keys", value, "10 seconds after its date: %s", used)
	return nil
}

// works reports whether a key of an app is accepted.
func (p *probe) works(ctx context.Context, key clarifai.Secret, app string) (bool, answer, error) {
	got, err := p.do(ctx, "MyScopes", request{verb: "GET", path: []string{p.owner, "apps", app, "myscopes"}, key: key})
	return !got.refused(), got, err
}

// askDeletion deletes a key and counts the listings that still show it, then deletes
// its app and creates it again. The key is the only one of the app.
func (p *probe) askDeletion(ctx context.Context) error {
	app, err := p.createApp(ctx, clarifai.App{})
	if err != nil {
		return err
	}
	key, err := p.createKey(ctx, clarifai.Key{AppID: app.ID, Scopes: scopesSent})
	if err != nil {
		return err
	}
	shows := func() (bool, error) { // one page is enough
		got, err := p.do(ctx, "ListAppKeys", get(p.owner, "apps", app.ID, "keys"))
		return slices.ContainsFunc(got.body.Keys, func(k wireKey) bool { return k.ID == key.Reveal() }), err
	}
	misses := 0
	for err = p.client.DeleteKey(ctx, p.owner, key); clarifai.IsKeyNotFound(err) && misses < 5; err = p.client.DeleteKey(ctx, p.owner, key) {
		if shown, err := shows(); err != nil || !shown { // an earlier DELETE without an answer did it
			break
		}
		misses++
	}
	if err != nil && !clarifai.IsKeyNotFound(err) {
		return err
	}
	p.record("delete_misses", strconv.Itoa(misses), "a DELETE of a key was carried out after %d that found nothing", misses)
	for n := range 50 {
		shown, err := shows()
		if err != nil {
			return err
		}
		if !shown {
			p.record("delete_lag", strconv.Itoa(n), "%d listings showed a key after its DELETE", n)
			break
		}
	}
	if p.found["delete_lag"].Value == "" {
		return errors.New("50 listings showed a key after its deletion")
	}
	if err := p.deleteApp(ctx, p.owner, app.ID); err != nil {
		return err
	}
	before := p.uncertain
	got, err := p.do(ctx, "PostApps", p.newApp(app.ID))
	if err == nil && p.uncertain != before {
		err = errors.New("an answer was lost, so what the next one says of the ID means nothing")
	}
	if err == nil {
		p.record("id_after_deletion", either(!got.refused(), "free", "taken"), "%s", got)
	}
	return err
}

// askOutsideModels searches, with a key, in an app whose base workflow is Clarifai's
// own. On a real account, the search is one paid operation.
func (p *probe) askOutsideModels(ctx context.Context) error {
	app, err := p.createApp(ctx, clarifai.App{})
	if err != nil {
		return err
	}
	key, err := p.createKey(ctx, clarifai.Key{AppID: app.ID, Scopes: []string{"All"}})
	if err != nil {
		return err
	}
	image := fields{"image": fields{"url": "https://samples.clarifai.com/metro-north.jpg"}}
	query := fields{"ranks": []any{fields{"annotation": fields{"data": image}}}}
	got, err := p.do(ctx, "PostInputsSearches", request{verb: "POST", path: []string{p.owner, "apps", app.ID, "inputs", "searches"},
		body: fields{"searches": []any{fields{"query": query}}}, key: key})
	if err == nil {
		value := map[string]string{"10000": "served", "11007": "refused", "11101": "not_found"}[got.code]
		p.record("outside_models", value, "a search answers %s", got)
	}
	return err
}

// askRename renames the app, last of all.
func (p *probe) askRename(ctx context.Context) error {
	if len(p.keys) == 0 {
		return errors.New("no key was created that could follow a renamed app")
	}
	old, renamed := p.app, p.newID(0)
	if _, err := p.client.PatchAppID(ctx, p.owner, old, renamed); err != nil {
		if _, missing := p.client.GetApp(ctx, p.owner, renamed); missing != nil {
			return err
		}
	}
	p.app = renamed
	if err := p.awaitKeys(ctx); err != nil {
		return err
	}
	got, err := p.do(ctx, "GetApp", get(p.owner, "apps", old))
	switch {
	case err != nil:
		return err
	case !got.refused():
		p.record("rename_old", "", "the old ID still answers: %s", got)
	case got.code != "10050":
		p.record("rename_old", "not_found", "%s", got)
	default:
		return p.followMove(ctx)
	}
	return nil
}

// followMove looks at what the answer for the old ID leads to.
func (p *probe) followMove(ctx context.Context) error {
	got, err := p.do(ctx, "GetApp", get(p.owner, "apps", p.app))
	if err != nil {
		return err
	}
	app, value := got.body.App, "moved"
	made, err := time.Parse(time.RFC3339, app.CreatedAt)
	switch {
	case app.UserID != p.owner:
		value = "moved_owner"
	case err == nil && !made.Equal(p.made.Time):
		value = "moved_app"
	}
	p.record("rename_old", value, "the app at the new ID belongs to %q and was created at %s", app.UserID, app.CreatedAt)
	return err
}

// awaitKeys waits until the listing of the app that was renamed shows a key that it
// had, unless that key is dead.
func (p *probe) awaitKeys(ctx context.Context) error {
	key := p.keys[0]
	dead := false
	took, shown, err := p.until(ctx, 5*time.Minute, func() (bool, error) {
		keys, err := p.listed(ctx, p.app)
		if err != nil || slices.ContainsFunc(keys, func(k clarifai.Key) bool { return k.Value == key }) {
			return err == nil, err
		}
		works, got, err := p.works(ctx, key, p.app)
		dead = !works && slices.Contains([]string{"11008", "11009"}, got.code)
		return dead, err
	})
	switch {
	case err != nil:
		return err
	case dead:
		p.record("rename_keys", "dropped", "a key of the renamed app is refused: %s", p.last)
		p.leaveOpenFor("rename_lag", "the keys did not follow the app")
	case !shown:
		return fmt.Errorf("no listing of %s showed a key of the renamed app, which works", took)
	default:
		p.record("rename_keys", "follow", "the keys are in the renamed app")
		p.record("rename_lag", took.Truncate(time.Second).String(), "listed %s after the rename", took.Truncate(10*time.Millisecond))
	}
	return nil
}
