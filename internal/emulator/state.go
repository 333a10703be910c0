package emulator

import (
	"maps"
	"slices"
	"time"
)

// App is an app in the emulator. Returned values are copies: to change an app, use
// [Emulator.EditApp].
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
	DefaultWorkflow Workflow       `json:"default_workflow"`
	Workflows       []string       `json:"workflows,omitempty"`        // IDs of the app's own workflows
	CopiedWorkflows []string       `json:"copied_workflows,omitempty"` // those of them that are copies from another app
	Counts          Counts         `json:"counts"`
	CreatedAt       time.Time      `json:"created_at"`
	ModifiedAt      time.Time      `json:"modified_at"`
}

// Workflow identifies a workflow. Clarifai's own workflows are in app "main" of
// user "clarifai".
type Workflow struct {
	ID     string `json:"id,omitempty"`
	AppID  string `json:"app_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
}

// Counts holds the numbers of items in an app.
type Counts struct {
	Inputs    int64 `json:"inputs,omitempty"`
	Datasets  int64 `json:"datasets,omitempty"`
	Models    int64 `json:"models,omitempty"`
	Workflows int64 `json:"workflows,omitempty"`
	Pipelines int64 `json:"pipelines,omitempty"`
}

// Key is an app-specific key or, if it has no AppID, a personal access token.
type Key struct {
	ID          string    `json:"id"` // the secret itself
	Type        string    `json:"type,omitempty"`
	Description string    `json:"description,omitempty"`
	Scopes      []string  `json:"scopes,omitempty"`    // in the colon spelling
	Endpoints   []string  `json:"endpoints,omitempty"` // /clarifai.api.V2/Method
	AppID       string    `json:"app_id,omitempty"`
	AlsoIn      []string  `json:"also_in,omitempty"` // further apps of the owner
	UserID      string    `json:"user_id"`
	CreatedAt   time.Time `json:"created_at"`
	ExpiresAt   time.Time `json:"expires_at,omitzero"` // zero means never
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
	c.CopiedWorkflows = slices.Clone(a.CopiedWorkflows)
	c.Metadata = maps.Clone(a.Metadata)
	return &c
}

func (k *Key) clone() *Key {
	c := *k
	c.Scopes = slices.Clone(k.Scopes)
	c.Endpoints = slices.Clone(k.Endpoints)
	return &c
}

// user is an account, or an organization if it has an owner.
type user struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	FirstName string    `json:"first_name,omitempty"`
	LastName  string    `json:"last_name,omitempty"`
	Company   string    `json:"company,omitempty"`
}

// appRef identifies an app: IDs are unique per user only.
type appRef struct {
	UserID string `json:"user_id"`
	AppID  string `json:"app_id"`
}

// primary is the first account, which [Emulator.UserID] and [Emulator.PAT] return.
type primary struct {
	UserID string `json:"user_id"`
	PAT    string `json:"pat"`
}
