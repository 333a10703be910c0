package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// listedApp is what a listing says about an app.
type listedApp struct {
	id      string
	created time.Time // zero if it cannot be read
}

// Sweep deletes the apps that earlier runs left, with their keys, and returns their
// IDs. It leaves those younger than an age: another run may be using them.
func Sweep(ctx context.Context, o Options, age time.Duration) ([]string, error) {
	c := newCaller(o)
	owner := o.UserID
	if owner == "" {
		owner = "me"
	}
	return c.sweep(ctx, owner, func(a listedApp) bool { return o.Clock.Now().Sub(a.created) >= age })
}

// sweep deletes the apps of a user that start with Prefix and that match.
func (c caller) sweep(ctx context.Context, owner string, matches func(listedApp) bool) ([]string, error) {
	apps, err := c.listAll(ctx, listing{"listing apps", []string{"users", owner, "apps"},
		map[string][]string{"sort_by_id": {"true"}, "sort_ascending": {"true"}}, "apps"})
	if err != nil {
		return nil, err
	}
	var removed []string
	var failed []error
	for _, app := range apps {
		a := listedApp{id: text(app["id"])}
		a.created, _ = time.Parse(time.RFC3339, text(app["created_at"]))
		if !strings.HasPrefix(a.id, Prefix) || !matches(a) {
			continue
		}
		if err := c.deleteApp(ctx, owner, a.id); err != nil {
			failed = append(failed, err)
			continue
		}
		removed = append(removed, a.id)
	}
	return removed, errors.Join(failed...)
}

// deleteApp deletes an app of this package, and with it its keys.
func (c caller) deleteApp(ctx context.Context, owner, id string) error {
	what := fmt.Sprintf("deleting app %s", id)
	got, err := c.do(ctx, request{what: what, verb: "DELETE", path: []string{"users", owner, "apps", id}, apps: []string{id}})
	if err != nil {
		return err
	}
	if got.refused() && got.code != "11101" { // gone already: listings may lag
		return fmt.Errorf("%s: %s", what, got)
	}
	return nil
}
