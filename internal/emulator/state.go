package emulator

import (
	"slices"
	"time"
)

// App is an application as the emulator keeps it. Values handed out are
// snapshots; change one with [Emulator.EditApp].
type App struct {
	ID              string         `json:"id"`
	UserID          string         `json:"user_id"`
	Name            string         `json:"name,omitempty"`
	Description     string         `json:"description,omitempty"`
	Notes           string         `json:"notes,omitempty"`
	DefaultLanguage string         `json:"default_language,omitempty"`
	SampleMS        uint32         `json:"sample_ms,omitempty"` // milliseconds of video per frame
	IsTemplate      bool           `json:"is_template,omitempty"`
	Visibility      int            `json:"visibility,omitempty"` // 10 private, 30 organization, 50 public
	Metadata        map[string]any `json:"metadata,omitempty"`
	ImageURL        string         `json:"image_url,omitempty"`
	DefaultWorkflow Workflow       `json:"default_workflow"`
	Workflows       []string       `json:"workflows,omitempty"` // ids of the app's own workflows
	Counts          Counts         `json:"counts"`
	CreatedAt       time.Time      `json:"created_at"`
	ModifiedAt      time.Time      `json:"modified_at"`

	seq uint64 // order of creation
}

// Workflow names a workflow. Those of Clarifai itself are in app "main" of user
// "clarifai".
type Workflow struct {
	ID     string `json:"id,omitempty"`
	AppID  string `json:"app_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
}

// Counts is how much an app holds.
type Counts struct {
	Inputs    int64 `json:"inputs,omitempty"`
	Datasets  int64 `json:"datasets,omitempty"`
	Models    int64 `json:"models,omitempty"`
	Workflows int64 `json:"workflows,omitempty"`
	Pipelines int64 `json:"pipelines,omitempty"`
}

// Key is an app-specific key or, without an AppID, a personal access token.
type Key struct {
	ID             string    `json:"id"` // the secret itself
	Type           string    `json:"type,omitempty"`
	Description    string    `json:"description,omitempty"`
	Scopes         []string  `json:"scopes,omitempty"`    // in the colon spelling
	Endpoints      []string  `json:"endpoints,omitempty"` // /clarifai.api.V2/Method
	AppID          string    `json:"app_id,omitempty"`
	UserID         string    `json:"user_id"`
	OrganizationID string    `json:"organization_id,omitempty"`
	CreatedAt      time.Time `json:"created_at"`
	ExpiresAt      time.Time `json:"expires_at,omitzero"` // zero: never

	seq uint64
}

// Types of keys, from Clarifai's resources.proto.
const (
	typeAppKey = "app_specific_key"
	typePAT    = "personal_access_token"
)

func (k *Key) isPAT() bool { return k.Type == typePAT }

func (k *Key) app() appRef { return appRef{k.UserID, k.AppID} }

func (k *Key) expired(now time.Time) bool {
	return !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(now)
}

func (a *App) ref() appRef { return appRef{a.UserID, a.ID} }

func (a *App) clone() *App {
	c := *a
	c.Workflows = slices.Clone(a.Workflows)
	c.Metadata = cloneObject(a.Metadata)
	return &c
}

func (k *Key) clone() *Key {
	c := *k
	c.Scopes = slices.Clone(k.Scopes)
	c.Endpoints = slices.Clone(k.Endpoints)
	return &c
}

// cloneObject copies a JSON object in depth.
func cloneObject(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m))
	for name, v := range m {
		out[name] = cloneValue(v)
	}
	return out
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return cloneObject(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = cloneValue(v[i])
		}
		return out
	}
	return v
}

// user is an account, or an organization when it has an owner.
type user struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner,omitempty"`
	Public    bool      `json:"public,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// appRef names an app: ids are unique per user only.
type appRef struct {
	UserID string `json:"user_id"`
	AppID  string `json:"app_id"`
}

// primary is the account that the emulator introduces itself with.
type primary struct {
	UserID string `json:"user_id"`
	PAT    string `json:"pat"`
}
