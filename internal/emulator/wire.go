package emulator

import (
	"strconv"
	"time"
)

// The messages of answers, field for field as Clarifai's swagger has them.
// Zero values are left out, except for lists that are marked cl_show_if_empty.

type wireStatus struct {
	Code           any           `json:"code"` // a number, or a name under the switch
	Description    string        `json:"description,omitempty"`
	Details        string        `json:"details,omitempty"`
	ReqID          string        `json:"req_id,omitempty"`
	HTTPStatusCode int           `json:"http_status_code,omitempty"`
	RedirectInfo   *wireRedirect `json:"redirect_info,omitempty"`
}

type wireRedirect struct {
	URL           string `json:"url,omitempty"`
	ResourceType  string `json:"resource_type,omitempty"`
	OldResourceID string `json:"old_resource_id,omitempty"`
	NewResourceID string `json:"new_resource_id,omitempty"`
}

type wireApp struct {
	ID                string          `json:"id,omitempty"`
	Name              string          `json:"name,omitempty"`
	DefaultLanguage   string          `json:"default_language,omitempty"`
	DefaultWorkflowID string          `json:"default_workflow_id,omitempty"`
	DefaultWorkflow   *wireWorkflow   `json:"default_workflow,omitempty"`
	UserID            string          `json:"user_id,omitempty"`
	CreatedAt         string          `json:"created_at,omitempty"`
	ModifiedAt        string          `json:"modified_at,omitempty"`
	Metadata          map[string]any  `json:"metadata,omitempty"`
	Description       string          `json:"description,omitempty"`
	SampleMS          uint32          `json:"sample_ms,omitempty"`
	Visibility        *wireVisibility `json:"visibility,omitempty"`
	Notes             string          `json:"notes,omitempty"`
	Image             *wireImage      `json:"image,omitempty"`
	IsTemplate        bool            `json:"is_template,omitempty"`
	ExtraInfo         *wireExtraInfo  `json:"extra_info,omitempty"`
}

type wireWorkflow struct {
	ID            string   `json:"id,omitempty"`
	AppID         string   `json:"app_id,omitempty"`
	UserID        string   `json:"user_id,omitempty"`
	UseCases      []string `json:"use_cases"`
	CheckConsents []string `json:"check_consents"`
}

type wireVisibility struct {
	Gettable any `json:"gettable"`
}

type wireImage struct {
	URL string `json:"url,omitempty"`
}

type wireExtraInfo struct {
	SearchRevisionMarker string      `json:"search_revision_marker,omitempty"`
	Counts               *wireCounts `json:"counts,omitempty"`
}

// wireCounts are int64, which JSON carries as strings.
type wireCounts struct {
	Datasets  string `json:"datasets,omitempty"`
	Models    string `json:"models,omitempty"`
	Workflows string `json:"workflows,omitempty"`
	Inputs    string `json:"inputs,omitempty"`
	Pipelines string `json:"pipelines,omitempty"`
}

type wireKey struct {
	ID             string    `json:"id,omitempty"`
	Type           string    `json:"type,omitempty"`
	Description    string    `json:"description,omitempty"`
	Scopes         []string  `json:"scopes,omitempty"`
	Endpoints      []string  `json:"endpoints,omitempty"`
	Apps           []wireApp `json:"apps,omitempty"`
	CreatedAt      string    `json:"created_at,omitempty"`
	ExpiresAt      string    `json:"expires_at,omitempty"`
	OrganizationID string    `json:"organization_id,omitempty"`
}

type wireUser struct {
	ID         string          `json:"id,omitempty"`
	CreatedAt  string          `json:"created_at,omitempty"`
	Visibility *wireVisibility `json:"visibility,omitempty"`
}

// Values of Visibility.Gettable in Clarifai's resources.proto.
const (
	visibilityPrivate = 10
	visibilityOrg     = 30
	visibilityPublic  = 50
)

var visibilityNames = map[int]string{visibilityPrivate: "PRIVATE", visibilityOrg: "ORG", visibilityPublic: "PUBLIC"}

func (s Switches) stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if s.Timestamps == "nano" {
		return t.UTC().Format("2006-01-02T15:04:05.000000000Z")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

func (s Switches) visibility(v int) *wireVisibility {
	if s.Enums == "names" {
		return &wireVisibility{Gettable: visibilityNames[v]}
	}
	return &wireVisibility{Gettable: v}
}

func (s Switches) app(a *App) wireApp {
	w := wireApp{ID: a.ID, Name: a.Name, DefaultLanguage: a.DefaultLanguage, UserID: a.UserID,
		CreatedAt: s.stamp(a.CreatedAt), ModifiedAt: s.stamp(a.ModifiedAt), Metadata: a.Metadata,
		Description: a.Description, SampleMS: a.SampleMS, Visibility: s.visibility(a.Visibility),
		Notes: a.Notes, IsTemplate: a.IsTemplate}
	if a.ImageURL != "" {
		w.Image = &wireImage{URL: a.ImageURL}
	}
	if a.DefaultWorkflow.ID != "" {
		w.DefaultWorkflowID = a.DefaultWorkflow.ID
		w.DefaultWorkflow = &wireWorkflow{ID: a.DefaultWorkflow.ID, AppID: a.DefaultWorkflow.AppID,
			UserID: a.DefaultWorkflow.UserID, UseCases: []string{}, CheckConsents: []string{}}
	}
	return w
}

func (s Switches) key(k *Key) wireKey {
	w := wireKey{ID: k.ID, Type: k.Type, Description: k.Description,
		Scopes: scopesInAnswer(k.Scopes, s), Endpoints: inOrder(k.Endpoints, s),
		CreatedAt: s.stamp(k.CreatedAt), ExpiresAt: s.stamp(k.ExpiresAt), OrganizationID: k.OrganizationID}
	if s.KeyEndpoints == "hidden" {
		w.Endpoints = nil
	}
	if !k.isPAT() {
		w.Apps = []wireApp{{ID: k.AppID, UserID: k.UserID}}
		w.Type = s.EchoType
		if s.EchoType == "none" {
			w.Type = ""
		}
	}
	return w
}

// writtenApp is the app in the answer to what made or changed it.
func (s Switches) writtenApp(a *App) wireApp {
	if s.WriteAnswers == "bare" {
		return wireApp{ID: a.ID, UserID: a.UserID}
	}
	return s.app(a)
}

// writtenKey is the key in the answer to what made or changed it.
func (s Switches) writtenKey(k *Key) wireKey {
	if s.WriteAnswers == "bare" {
		return wireKey{ID: k.ID, Apps: s.key(k).Apps}
	}
	return s.key(k)
}

func wireCountsOf(c Counts) *wireCounts {
	text := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return &wireCounts{Datasets: text(c.Datasets), Models: text(c.Models), Workflows: text(c.Workflows),
		Inputs: text(c.Inputs), Pipelines: text(c.Pipelines)}
}
