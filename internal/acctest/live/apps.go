package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// description is the description of the app.
const description = "made by make testlive of terraform-provider-clarifai"

// postApp creates an app. If it cannot know whether it did, it tries another ID.
func (p *probe) postApp(ctx context.Context, length int, app clarifai.App) (clarifai.App, error) {
	return repeat(ctx, p.account, "PostApps", func() (clarifai.App, error) {
		app.ID = p.newID(length)
		created, err := p.client.PostApp(ctx, p.asked, app)
		if err == nil {
			created.ID = app.ID
		} else if definite(err) == nil {
			delete(p.apps, app.ID)
		}
		return created, err
	})
}

// newApp is an app of this run, which reads show.
type newApp struct {
	clarifai.App
	answered wireApp       // in the answer to its creation
	lag      time.Duration // until reads showed it
}

// createApp creates an app and waits until reads show it.
func (p *probe) createApp(ctx context.Context, app clarifai.App) (created newApp, err error) {
	if created.App, err = p.postApp(ctx, 0, app); err != nil {
		return created, err
	}
	created.answered = p.last.body.Apps[0]
	p.owner = cmp.Or(created.UserID, p.owner)
	var shown bool
	created.lag, shown, err = p.until(ctx, 30*time.Second, func() (bool, error) {
		read, err := p.client.GetApp(ctx, p.owner, created.ID)
		created.CreatedAt = read.CreatedAt
		return err == nil, definite(err)
	})
	if err == nil && !shown {
		err = errors.New("an app cannot be read 30 seconds after its creation: " + p.last.String())
	}
	return created, err
}

// askNewApp creates the app and learns from the answers about it.
func (p *probe) askNewApp(ctx context.Context) error {
	about := description
	created, err := p.createApp(ctx, clarifai.App{Description: &about,
		DefaultWorkflow: &clarifai.WorkflowRef{ID: "Empty", UserID: "clarifai", AppID: "main"}})
	p.app, p.made = created.ID, created.CreatedAt
	if err != nil {
		return err
	}
	answered := created.answered.Description
	p.record("write_answers", either(answered != "", "full", "bare"), "the answer to PostApps has the description %q", answered)
	switch {
	case p.asked == p.me:
		p.leaveOpenFor("app_owner", "only an organization shows it: set CLARIFAI_USER_ID to one that the PAT may act for")
	case p.owner == p.asked:
		p.record("app_owner", "path", "the app belongs to the organization in the path")
	case p.owner == p.me:
		p.record("app_owner", "caller", "the app belongs to the owner of the PAT, not to the organization in the path")
	}
	lag := created.lag
	p.record("create_lag", lag.Truncate(time.Second).String(), "read %s after its creation was answered", lag.Truncate(10*time.Millisecond))
	p.learnFromApp(p.last.body.App)
	keys, err := p.listed(ctx, p.app)
	if err != nil {
		return err
	}
	p.record("default_key", strconv.FormatBool(len(keys) > 0), "a new app has %d keys", len(keys))
	return nil
}

// learnFromApp records what the answer to GetApp shows.
func (p *probe) learnFromApp(app wireApp) {
	switch app.DefaultWorkflow.AppID {
	case p.app:
		p.record("default_workflow", "copied", "default_workflow is in the app")
	case "main":
		p.record("default_workflow", "referenced", "default_workflow is in app main")
	}
	switch gettable := app.Visibility.Gettable.(type) {
	case float64:
		p.record("enums", "numbers", "visibility is %v", gettable)
	case string:
		p.record("enums", "names", "visibility is %s", gettable)
	}
	_, fraction, _ := strings.Cut(strings.TrimSuffix(app.CreatedAt, "Z"), ".")
	switch len(fraction) {
	case 6:
		p.record("timestamps", "micro", "created_at has 6 digits")
	case 9:
		p.record("timestamps", "nano", "created_at has 9 digits")
	}
	p.leaveOpen(fmt.Sprintf("GetApp answers %+v", app), false)
}

// askClearStrings sets the description of the app to an empty string.
func (p *probe) askClearStrings(ctx context.Context) error {
	empty := ""
	if _, err := p.client.PatchApp(ctx, p.owner, p.app, clarifai.AppPatch{App: clarifai.App{Description: &empty}}); err != nil {
		return err
	}
	read, err := p.client.GetApp(ctx, p.owner, p.app)
	if err != nil {
		return err
	}
	p.record("clear_strings", either(read.Description == nil || *read.Description == "", "honored", "ignored"),
		"after a PATCH with an empty description of an app")
	return nil
}

// askMaxAppIDLength looks for the longest ID that an app can have, between the
// documented 32 and far more.
func (p *probe) askMaxAppIDLength(ctx context.Context) error {
	const tooLong = 257
	longest, refused := 32, tooLong
	note := "longer ones were not tried"
	for refused-longest > 1 {
		length := (longest + refused) / 2
		created, err := p.postApp(ctx, length, clarifai.App{})
		switch e := clarifai.AsError(err); {
		case err == nil:
			longest = length
			if err := p.deleteApp(ctx, p.owner, created.ID); err != nil {
				return err
			}
		case e != nil && (e.Code == clarifai.CodeAccountIssues || e.Code == 11006):
			return errors.New("the account is at its limit of apps: " + p.last.String())
		case definite(err) != nil:
			return err
		default:
			refused, note = length, p.last.String()
		}
	}
	p.record("max_app_id_length", strconv.Itoa(longest), "%s", note)
	return nil
}
