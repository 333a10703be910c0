package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// lateWait is how long a change without a definite answer may still be carried out.
const lateWait = 20 * time.Second

// removal deletes apps until nothing of them is left.
type removal struct {
	*account
	owners  []string                // where to look
	matches func(clarifai.App) bool // which of the apps of this package
	removed map[string]bool
}

// Sweep deletes the apps that earlier runs left, with their keys, and returns their
// IDs. It leaves those younger than an age: another run may be using them.
func Sweep(ctx context.Context, o Options, age time.Duration) ([]string, error) {
	a, err := newAccount(o)
	if err != nil {
		return nil, err
	}
	me, err := a.client.GetMe(ctx)
	if err != nil {
		return nil, err
	}
	r := removal{account: a, owners: []string{me.ID}, removed: map[string]bool{}, matches: func(app clarifai.App) bool {
		return ours.MatchString(app.ID) && o.Clock.Now().Sub(app.CreatedAt.Time) >= age
	}}
	if o.UserID != "" && o.UserID != me.ID {
		r.owners = append(r.owners, o.UserID)
	}
	err = r.run(ctx)
	return slices.Sorted(maps.Keys(r.removed)), err
}

// removeRun deletes what this run created. A clean answer about an app is not enough:
// it looks again until no listing shows anything.
func (p *probe) removeRun(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	owners := []string{p.owner, p.asked, p.me}
	slices.Sort(owners)
	r := removal{account: p.account, owners: slices.Compact(owners), removed: map[string]bool{},
		matches: func(app clarifai.App) bool { return strings.HasPrefix(app.ID, p.run+"-") }}
	return r.run(ctx)
}

// run deletes what it knows, and then what the listings show, until they show nothing
// and nothing can appear any more.
func (r *removal) run(ctx context.Context) error {
	var left []string
	var failed error
	for range 10 {
		left, failed = r.pass(ctx)
		wait := time.Second
		if len(left) == 0 && failed == nil {
			if wait = r.uncertain.Add(lateWait).Sub(r.Clock.Now()); wait <= 0 || r.uncertain.IsZero() {
				return nil
			}
		}
		if err := r.Clock.Sleep(ctx, wait); err != nil {
			return r.leaves(left, err)
		}
	}
	return r.leaves(left, failed)
}

// leaves returns the error for what could not be removed.
func (r *removal) leaves(left []string, why error) error {
	what := "something may be"
	if len(left) > 0 {
		what = strings.Join(left, ", ") + " may be"
	}
	return errors.Join(fmt.Errorf("%s left in the account of %s; remove it with \"make sweep\"", what, strings.Join(r.owners, " or ")), why)
}

// pass deletes once. It returns what there was.
func (r *removal) pass(ctx context.Context) (left []string, failed error) {
	for id := range r.apps {
		for _, owner := range r.owners {
			switch _, err := r.client.DeleteApp(ctx, owner, id); {
			case err == nil:
				delete(r.apps, id)
				r.removed[id] = true
			case definite(err) != nil:
				left, failed = append(left, "app "+id), errors.Join(failed, err)
			}
		}
	}
	for _, owner := range r.owners {
		apps, err := all(ctx, r.client.ListApps(owner, ""))
		failed = errors.Join(failed, err)
		for _, app := range apps {
			if !r.matches(app) {
				continue
			}
			left = append(left, "app "+app.ID)
			if _, err := r.client.DeleteApp(ctx, owner, app.ID); err == nil {
				r.removed[app.ID] = true
			} else {
				failed = errors.Join(failed, definite(err))
			}
		}
		keys, err := all(ctx, r.client.ListKeys(owner))
		failed = errors.Join(failed, definite(err)) // an account may refuse this listing
		for _, key := range keys {
			if r.matches(clarifai.App{ID: key.AppID, CreatedAt: key.CreatedAt}) {
				left = append(left, "key "+key.Fingerprint+" of "+key.AppID)
				failed = errors.Join(failed, definite(r.client.DeleteKey(ctx, owner, key.Value)))
			}
		}
	}
	return left, failed
}

// deleteApp deletes an app of this run, and with it its keys. That it does not exist is
// looked at again: it was created a moment ago.
func (p *probe) deleteApp(ctx context.Context, owner, id string) error {
	_, gone, err := p.until(ctx, 10*time.Second, func() (bool, error) {
		_, err := p.client.DeleteApp(ctx, owner, id)
		return err == nil, definite(err)
	})
	if err == nil && !gone {
		return fmt.Errorf("deleting app %s: %s", id, p.last)
	}
	if err == nil {
		delete(p.apps, id)
	}
	return err
}
