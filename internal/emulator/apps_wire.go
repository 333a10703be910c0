package emulator

import (
	"encoding/json"
	"strconv"
	"time"
)

// Messages about apps, as Clarifai's swagger defines them. The emulator does not
// use every field of a request: it accepts all that the published messages have.

type postAppsBody struct {
	UserAppID *userAppIn `json:"user_app_id"`
	Apps      []appIn    `json:"apps"`
}

type patchAppsBody struct {
	UserAppID      *userAppIn     `json:"user_app_id"`
	Apps           []appIn        `json:"apps"`
	Action         string         `json:"action"`
	MetadataAction *patchActionIn `json:"metadata_action"`
	Reindex        bool           `json:"reindex"`
}

type patchAppBody struct {
	UserAppID      *struct{}      `json:"user_app_id"`
	App            *appIn         `json:"app"`
	Action         string         `json:"action"`
	MetadataAction *patchActionIn `json:"metadata_action"`
	Reindex        bool           `json:"reindex"`
}

type patchAppsIDsBody struct {
	UserAppID *userAppIn   `json:"user_app_id"`
	IDs       []idUpdateIn `json:"ids"`
	Action    string       `json:"action"`
}

type idUpdateIn struct {
	ID    string `json:"id"`
	NewID string `json:"new_id"`
}

type patchActionIn struct {
	Op                      string `json:"op"`
	MergeConflictResolution string `json:"merge_conflict_resolution"`
	Path                    string `json:"path"`
}

type appIn struct {
	ID                 string          `json:"id"`
	Name               *string         `json:"name"`
	DefaultLanguage    string          `json:"default_language"`
	DefaultWorkflowID  string          `json:"default_workflow_id"`
	DefaultWorkflow    *workflowIn     `json:"default_workflow"`
	UserID             string          `json:"user_id"`
	CreatedAt          *time.Time      `json:"created_at"`
	ModifiedAt         *time.Time      `json:"modified_at"`
	LegalConsentStatus uint32          `json:"legal_consent_status"`
	Metadata           map[string]any  `json:"metadata"`
	Description        *string         `json:"description"`
	SampleMS           uint32          `json:"sample_ms"`
	Visibility         *visibilityIn   `json:"visibility"`
	DataTierID         string          `json:"data_tier_id"`
	IsStarred          bool            `json:"is_starred"`
	StarCount          int32           `json:"star_count"`
	Notes              *string         `json:"notes"`
	Image              *imageIn        `json:"image"`
	IsTemplate         *bool           `json:"is_template"`
	ExtraInfo          json.RawMessage `json:"extra_info"`
	EmbeddingsStorage  json.RawMessage `json:"embeddings_storage"`
}

type workflowIn struct {
	ID             string          `json:"id"`
	AppID          string          `json:"app_id"`
	CreatedAt      *time.Time      `json:"created_at"`
	Nodes          json.RawMessage `json:"nodes"`
	Metadata       map[string]any  `json:"metadata"`
	Visibility     *visibilityIn   `json:"visibility"`
	UserID         string          `json:"user_id"`
	ModifiedAt     *time.Time      `json:"modified_at"`
	Version        json.RawMessage `json:"version"`
	IsStarred      bool            `json:"is_starred"`
	StarCount      int32           `json:"star_count"`
	Description    string          `json:"description"`
	Notes          string          `json:"notes"`
	UseCases       []string        `json:"use_cases"`
	CheckConsents  []string        `json:"check_consents"`
	BookmarkOrigin json.RawMessage `json:"bookmark_origin"`
	Image          *imageIn        `json:"image"`
}

type imageIn struct {
	URL               string          `json:"url"`
	Base64            []byte          `json:"base64"`
	AllowDuplicateURL bool            `json:"allow_duplicate_url"`
	Hosted            json.RawMessage `json:"hosted"`
	ImageInfo         json.RawMessage `json:"image_info"`
	HostedImageInfo   json.RawMessage `json:"hosted_image_info"`
	DecodedBytes      []byte          `json:"decoded_bytes"`
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

type wireImage struct {
	URL string `json:"url,omitempty"`
}

type wireExtraInfo struct {
	SearchRevisionMarker string      `json:"search_revision_marker,omitempty"`
	Counts               *wireCounts `json:"counts,omitempty"`
}

// wireCounts holds int64 values, which JSON carries as strings.
type wireCounts struct {
	Datasets  string `json:"datasets,omitempty"`
	Models    string `json:"models,omitempty"`
	Workflows string `json:"workflows,omitempty"`
	Inputs    string `json:"inputs,omitempty"`
	Pipelines string `json:"pipelines,omitempty"`
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

// writtenApp returns an app for the answer to the request that created or changed it.
func (s Switches) writtenApp(a *App) wireApp {
	if s.WriteAnswers == "bare" {
		return wireApp{ID: a.ID, UserID: a.UserID}
	}
	return s.app(a)
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
