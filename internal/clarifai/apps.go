package clarifai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// WorkflowRef names a workflow.
type WorkflowRef struct {
	ID     string `json:"id,omitempty"`
	AppID  string `json:"app_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
}

// Visibility wraps the level, as the API does.
type Visibility struct {
	Gettable Gettable `json:"gettable"`
}

// App is an app in requests and answers. In a patch, a nil pointer leaves the
// field as it is; an empty string asks to clear it, which the API may ignore.
type App struct {
	ID              string          `json:"id,omitempty"`
	UserID          string          `json:"user_id,omitempty"`
	Name            *string         `json:"name,omitempty"`
	DefaultLanguage *string         `json:"default_language,omitempty"`
	DefaultWorkflow *WorkflowRef    `json:"default_workflow,omitempty"`
	Metadata        json.RawMessage `json:"metadata,omitempty"`
	Description     *string         `json:"description,omitempty"`
	Notes           *string         `json:"notes,omitempty"`
	SampleMS        *int64          `json:"sample_ms,omitempty"` // milliseconds between video frames
	Visibility      *Visibility     `json:"visibility,omitempty"`
	IsTemplate      *bool           `json:"is_template,omitempty"`
	CreatedAt       Time            `json:"created_at,omitzero"`

	// Answers may have the default workflow only in this deprecated field.
	DefaultWorkflowID string `json:"default_workflow_id,omitempty"`

	ExtraInfo *struct {
		Counts *Counts `json:"counts"`
	} `json:"extra_info,omitempty"`
}

// Counts is how much an app holds.
type Counts struct {
	Inputs    int64
	Datasets  int64
	Models    int64
	Workflows int64
	Pipelines int64
}

// UnmarshalJSON reads counts, which the API writes as strings and leaves out at zero.
func (n *Counts) UnmarshalJSON(b []byte) error {
	var w struct {
		Inputs, Datasets, Models, Workflows, Pipelines count
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*n = Counts{int64(w.Inputs), int64(w.Datasets), int64(w.Models), int64(w.Workflows), int64(w.Pipelines)}
	return nil
}

type appAnswer struct {
	envelope
	App App `json:"app"`
}

type appsAnswer struct {
	envelope
	Apps []App `json:"apps"`
}

func (a appsAnswer) single(method string) (App, error) {
	if len(a.Apps) != 1 {
		return App{}, &Error{Method: method, HTTPStatus: http.StatusOK, Cause: fmt.Sprintf("the answer holds %d apps instead of one", len(a.Apps))}
	}
	return a.Apps[0], nil
}

// appsQuery asks for an order that does not change while the listing is read;
// the API's default, last modified first, does.
var appsQuery = url.Values{"sort_by_id": {"true"}, "sort_ascending": {"true"}}

// ListApps lists the apps that userID owns, or those whose id, name or texts
// match search when that is not empty.
func (c *Client) ListApps(ctx context.Context, userID, search string) ([]App, error) {
	apps, _, err := c.readApps(ctx, userID, search)
	return apps, err
}

// readApps reads a listing. Overlapped tells whether an app came twice.
func (c *Client) readApps(ctx context.Context, userID, search string) (apps []App, overlapped bool, err error) {
	query := appsQuery
	if search != "" {
		query = url.Values{"sort_by_id": {"true"}, "sort_ascending": {"true"}, "search": {search}}
	}
	seen := map[string]bool{}
	err = pages(ctx, query, false, func(ctx context.Context, q url.Values) ([]App, error) {
		var out appsAnswer
		err := c.do(ctx, call{method: "ListApps", verb: http.MethodGet, path: []string{"users", userID, "apps"}, query: q, out: &out})
		return out.Apps, err
	}, func(page []App) int {
		fresh := 0
		for _, a := range page {
			if seen[a.ID] {
				overlapped = true
				continue
			}
			seen[a.ID] = true
			apps = append(apps, a)
			fresh++
		}
		return fresh
	})
	return apps, overlapped, err
}

// GetApp asks for one app by itself. A renamed app may answer [IsMoved].
func (c *Client) GetApp(ctx context.Context, userID, appID string) (App, error) {
	return c.getApp(ctx, userID, appID, nil)
}

func (c *Client) getApp(ctx context.Context, userID, appID string, query url.Values) (App, error) {
	var out appAnswer
	err := c.do(ctx, call{method: "GetApp", verb: http.MethodGet, path: []string{"users", userID, "apps", appID}, query: query, out: &out})
	if err == nil && out.App.ID == "" {
		err = &Error{Method: "GetApp", HTTPStatus: http.StatusOK, Cause: "the answer holds no app"}
	}
	return out.App, err
}

// completeApp reads an app whose answer to its making or renaming says nothing
// of it. That is done, so not being able to look is no failure.
func (c *Client) completeApp(ctx context.Context, userID string, app App) App {
	if !app.bare() {
		return app
	}
	calm, cancel := Calm(ctx)
	defer cancel()
	if read, err := c.GetApp(calm, userID, app.ID); err == nil {
		return read
	}
	return app
}

// RereadApp asks for an app that this run has written, also when the run is
// being cancelled.
func (c *Client) RereadApp(ctx context.Context, userID, appID string) (App, error) {
	ctx, cancel := Calm(ctx)
	defer cancel()
	app, err := c.GetApp(ctx, userID, appID)
	if err == nil {
		c.account(userID).putApp(app)
	}
	return app, err
}

// bare tells whether an answer names an app and says nothing else of it.
func (a App) bare() bool {
	return a.CreatedAt.IsZero() && a.DefaultLanguage == nil && a.Visibility == nil && a.Description == nil
}

// AppPatch is a change of an app.
type AppPatch struct {
	App     App
	Reindex bool // let a change of the default workflow index the app's inputs anew
}

// PatchApp changes the fields that are set in the patch, in place.
func (c *Client) PatchApp(ctx context.Context, userID, appID string, patch AppPatch) (App, error) {
	type metadataAction struct {
		Op string `json:"op"`
	}
	body := struct {
		App            App             `json:"app"`
		Action         string          `json:"action"`
		MetadataAction *metadataAction `json:"metadata_action,omitempty"`
		Reindex        bool            `json:"reindex,omitempty"`
	}{App: patch.App, Action: "overwrite", Reindex: patch.Reindex}
	body.App.ID = appID
	if body.App.Metadata != nil {
		body.MetadataAction = &metadataAction{Op: "overwrite"}
	}
	var out appAnswer
	err := c.do(ctx, call{method: "PatchApp", verb: http.MethodPatch, path: []string{"users", userID, "apps", appID}, body: body, out: &out})
	if err != nil {
		return App{}, err
	}
	if out.App.bare() { // or not there at all
		return c.RereadApp(ctx, userID, appID)
	}
	c.account(userID).putApp(out.App)
	return out.App, nil
}

// RenameApp gives an app another id. When an earlier attempt succeeded without
// an answer, the app is found under the new id and not under the old one, and
// that is a success.
func (c *Client) RenameApp(ctx context.Context, userID, appID, newID string) (App, error) {
	type rename struct {
		ID    string `json:"id"`
		NewID string `json:"new_id"`
	}
	body := struct {
		IDs    []rename `json:"ids"`
		Action string   `json:"action"`
	}{[]rename{{appID, newID}}, "overwrite"}
	var out appsAnswer
	err := c.do(ctx, call{method: "PatchAppsIds", verb: http.MethodPatch, path: []string{"users", userID, "apps", "ids"}, body: body, out: &out, finish: true})
	var app App
	switch e := as(err); {
	case err == nil && len(out.Apps) == 0:
		app = App{ID: newID}
	case err == nil:
		app, err = out.single("PatchAppsIds")
	case e != nil && (e.Attempts > 1 || IsUnsettled(e)):
		// Also when the run is being cancelled: who does not know the new id takes
		// the app and its keys to be gone.
		calm, cancel := Calm(ctx)
		defer cancel()
		if found, renamed := c.renamed(calm, userID, appID, newID); renamed {
			app, err = found, nil
		}
	}
	if err != nil {
		return App{}, c.duplicateApp(ctx, userID, newID, err)
	}
	if app.ID != newID {
		return App{}, &Error{Method: "PatchAppsIds", HTTPStatus: http.StatusOK, Cause: fmt.Sprintf("the app answers as %q after its rename to %q", app.ID, newID)}
	}
	app = c.completeApp(ctx, userID, app)
	c.account(userID).dropApp(appID)
	c.account(userID).bearApp(app)
	return app, nil
}

// renamed tells whether a rename has taken place. That an app answers to the
// new id is not enough: it may be the one because of which it was refused.
func (c *Client) renamed(ctx context.Context, userID, appID, newID string) (App, bool) {
	app, err := c.GetApp(ctx, userID, newID)
	if err != nil {
		return App{}, false
	}
	_, err = c.GetApp(ctx, userID, appID)
	to, moved := IsMoved(err)
	return app, IsNotFound(err) || moved && (to == "" || to == newID)
}

// DeleteApp deletes an app with all its keys. That it is gone already is a
// success where the account answers for the PAT.
func (c *Client) DeleteApp(ctx context.Context, userID, appID string) error {
	var out envelope
	err := c.do(ctx, call{method: "DeleteApp", verb: http.MethodDelete, path: []string{"users", userID, "apps", appID}, out: &out})
	if IsNotFound(err) {
		err = c.Trust(ctx, userID)
	}
	if err == nil {
		c.account(userID).dropApp(appID)
	}
	return err
}

// ErrNoCounts says that the PAT may not ask what an app holds.
var ErrNoCounts = errors.New("the PAT may not ask what the app holds")

// CountResources tells what an app holds. GetResourceCounts needs two scopes
// beyond what this provider asks of a PAT (Datasets:Get, Pipelines:Get), so a
// refusal is followed by GetApp, which can tell the counts as well.
func (c *Client) CountResources(ctx context.Context, userID, appID string) (Counts, error) {
	var out struct {
		envelope
		Inputs    count `json:"inputs"`
		Datasets  count `json:"datasets"`
		Models    count `json:"models"`
		Workflows count `json:"workflows"`
		Pipelines count `json:"pipelines"`
	}
	err := c.do(ctx, call{method: "GetResourceCounts", verb: http.MethodGet, path: []string{"users", userID, "apps", appID, "resource_counts"}, out: &out})
	if err == nil {
		return Counts{int64(out.Inputs), int64(out.Datasets), int64(out.Models), int64(out.Workflows), int64(out.Pipelines)}, nil
	}
	if !IsInsufficientScopes(err) {
		return Counts{}, err
	}
	app, again := c.getApp(ctx, userID, appID, url.Values{"additional_fields": {"counts"}})
	switch {
	case again != nil:
		return Counts{}, again
	case app.ExtraInfo == nil || app.ExtraInfo.Counts == nil:
		return Counts{}, fmt.Errorf("%w: %w", ErrNoCounts, err)
	}
	return *app.ExtraInfo.Counts, nil
}
