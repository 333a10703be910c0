package clarifai

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// WorkflowRef names a workflow, by its app and that app's owner.
type WorkflowRef struct {
	ID     string `json:"id,omitempty"`
	AppID  string `json:"app_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
}

// Visibility wraps who can see an app, as the API does.
type Visibility struct {
	Gettable Gettable `json:"gettable"`
}

// App is an app in requests and answers (Clarifai's resources.proto). In a patch,
// a nil pointer leaves the field as it is; an empty string asks to clear it,
// which the API may ignore.
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

	// DefaultWorkflowID is deprecated; some answers have only this.
	DefaultWorkflowID string `json:"default_workflow_id,omitempty"`

	ExtraInfo *struct {
		Counts *Counts `json:"counts"`
	} `json:"extra_info,omitempty"`
}

// Counts is the number of resources in an app. The API omits zeros.
type Counts struct {
	Inputs    Count `json:"inputs"`
	Datasets  Count `json:"datasets"`
	Models    Count `json:"models"`
	Workflows Count `json:"workflows"`
	Pipelines Count `json:"pipelines"`
}

// Count is a number, which the API writes as a string.
type Count int64

// UnmarshalJSON reads a string or a number.
func (n *Count) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	v, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64)
	if err != nil {
		return errors.New("a count that is not a number")
	}
	*n = Count(v)
	return nil
}

// IsBare reports whether an answer names an app and says nothing else about it.
func (a App) IsBare() bool {
	return a.CreatedAt.IsZero() && a.DefaultLanguage == nil && a.Visibility == nil && a.Description == nil
}

// HasWorkflow reports whether the app's default workflow is the given one, or the
// app's own copy of it, which Clarifai makes of a base workflow.
func (a App) HasWorkflow(w WorkflowRef) bool {
	has := WorkflowRef{ID: a.DefaultWorkflowID}
	if a.DefaultWorkflow != nil {
		has = *a.DefaultWorkflow
	}
	if has.ID != w.ID {
		return false
	}
	return has.AppID == "" || has.AppID == a.ID || w.AppID == "" || has.AppID == w.AppID && (w.UserID == "" || has.UserID == w.UserID)
}

type appAnswer struct {
	envelope
	App App `json:"app"`
}

type appsAnswer struct {
	envelope
	Apps []App `json:"apps"`
}

func (a appsAnswer) only(method string) (App, error) {
	if len(a.Apps) != 1 {
		return App{}, wrongAnswer(method, "the answer holds %d apps instead of one", len(a.Apps))
	}
	return a.Apps[0], nil
}

func appsPath(userID string, segments ...string) []string {
	return append([]string{"users", userID, "apps"}, segments...)
}

// ListApps lists the apps that userID owns; if search is not empty, only those
// whose ID, name or texts match it. It asks for an order that does not change
// while the listing is read; the API's default, last modified first, does.
func (c *Client) ListApps(userID, search string) *Pager[App] {
	query := url.Values{"sort_by_id": {"true"}, "sort_ascending": {"true"}}
	if search != "" {
		query.Set("search", search)
	}
	out := &appsAnswer{}
	return newPager(c, call{method: "ListApps", verb: http.MethodGet, path: appsPath(userID), query: query, out: out}, func() []listed[App] {
		items := make([]listed[App], len(out.Apps))
		for i, a := range out.Apps {
			items[i] = listed[App]{id: a.ID, item: a, wanted: true}
		}
		return items
	})
}

// GetApp returns one app, with the named additional fields, such as counts. A
// renamed app may answer [IsMoved].
func (c *Client) GetApp(ctx context.Context, userID, appID string, additionalFields ...string) (App, error) {
	query := url.Values{"additional_fields": additionalFields}
	var out appAnswer
	err := c.do(ctx, call{method: "GetApp", verb: http.MethodGet, path: appsPath(userID, appID), query: query, out: &out})
	if err == nil && out.App.ID == "" {
		err = wrongAnswer("GetApp", "the answer holds no app")
	}
	return out.App, err
}

// GetResourceCounts returns how many resources an app holds. It needs two scopes
// that this provider does not require of a PAT: Datasets:Get and Pipelines:Get.
func (c *Client) GetResourceCounts(ctx context.Context, userID, appID string) (Counts, error) {
	var out struct {
		envelope
		Counts
	}
	err := c.do(ctx, call{method: "GetResourceCounts", verb: http.MethodGet, path: appsPath(userID, appID, "resource_counts"), out: &out})
	return out.Counts, err
}

// PostApp sends the creation of an app once, without waiting for its turn and
// without a retry: see [RetryState]. The error is an [Error].
func (c *Client) PostApp(ctx context.Context, userID string, app App) (App, error) {
	body := map[string]any{"apps": []App{app}}
	var out appsAnswer
	if e := c.attempt(ctx, call{method: "PostApps", verb: http.MethodPost, path: appsPath(userID), body: body, out: &out}); e != nil {
		return App{}, e
	}
	return out.only("PostApps")
}

// AppPatch is a change of an app.
type AppPatch struct {
	App     App
	Reindex bool // let a change of the default workflow reindex the app's inputs
}

// PatchApp changes the fields that are set in the patch. The answer may be bare
// or empty.
func (c *Client) PatchApp(ctx context.Context, userID, appID string, patch AppPatch) (App, error) {
	var out appAnswer
	err := c.do(ctx, patchAppCall(userID, appID, patch, &out))
	return out.App, err
}

// PatchAppOnce is [Client.PatchApp] without waiting for its turn and without a
// retry: see [RetryState]. The error is an [Error].
func (c *Client) PatchAppOnce(ctx context.Context, userID, appID string, patch AppPatch) (App, error) {
	var out appAnswer
	if e := c.attempt(ctx, patchAppCall(userID, appID, patch, &out)); e != nil {
		return App{}, e
	}
	return out.App, nil
}

func patchAppCall(userID, appID string, patch AppPatch, out *appAnswer) call {
	patch.App.ID = appID
	body := map[string]any{"app": patch.App, "action": "overwrite"}
	if patch.App.Metadata != nil {
		body["metadata_action"] = map[string]string{"op": "overwrite"}
	}
	if patch.Reindex {
		body["reindex"] = true
	}
	return call{method: "PatchApp", verb: http.MethodPatch, path: appsPath(userID, appID), body: body, out: out}
}

// PatchAppID gives an app another ID. Once sent, it waits for the answer even if
// the run is being canceled. An answer that shows no app is a success.
func (c *Client) PatchAppID(ctx context.Context, userID, appID, newID string) (App, error) {
	body := map[string]any{"ids": []map[string]string{{"id": appID, "new_id": newID}}, "action": "overwrite"}
	var out appsAnswer
	err := c.do(ctx, call{method: "PatchAppsIds", verb: http.MethodPatch, path: appsPath(userID, "ids"), body: body, out: &out, finish: true})
	if err != nil {
		return App{}, err
	}
	if len(out.Apps) == 0 {
		return App{ID: newID}, nil
	}
	app, err := out.only("PatchAppsIds")
	if err == nil && app.ID != newID {
		return App{}, wrongAnswer("PatchAppsIds", "the app answers as %q after its rename to %q", app.ID, newID)
	}
	return app, err
}

// DeleteApp deletes an app and, with it, all its keys. Lost is when an attempt ended
// whose outcome is not known, so that it may still be carried out; zero: none did.
func (c *Client) DeleteApp(ctx context.Context, userID, appID string) (lost time.Time, err error) {
	var out envelope
	err = c.do(ctx, call{method: "DeleteApp", verb: http.MethodDelete, path: appsPath(userID, appID), out: &out, lost: func() { lost = c.cfg.Clock.Now() }})
	return lost, err
}
