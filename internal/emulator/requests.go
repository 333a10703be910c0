package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The messages of requests. Fields that the server sets, or that mean nothing
// here, are accepted because the published messages have them.

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

type postKeysBody struct {
	UserAppID *userAppIn `json:"user_app_id"`
	Keys      []keyIn    `json:"keys"`
}

type patchKeysBody struct {
	UserAppID *userAppIn `json:"user_app_id"`
	Keys      []keyIn    `json:"keys"`
	Action    string     `json:"action"`
}

type userAppIn struct {
	AppID string `json:"app_id"`
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

type visibilityIn struct {
	Gettable gettable `json:"gettable"`
}

type keyIn struct {
	ID               string     `json:"id"`
	Type             string     `json:"type"`
	Description      *string    `json:"description"`
	Scopes           []string   `json:"scopes"`
	Endpoints        []string   `json:"endpoints"`
	Apps             []appIn    `json:"apps"`
	CreatedAt        *time.Time `json:"created_at"`
	ExpiresAt        *time.Time `json:"expires_at"`
	AuthorizedIDPIDs []string   `json:"authorized_idp_ids"`
	OrganizationID   string     `json:"organization_id"`
}

// gettable is a visibility in a request, a number or a name.
type gettable int

func (g *gettable) UnmarshalJSON(b []byte) error {
	v, err := parseVisibility(strings.Trim(string(b), `"`))
	*g = gettable(v)
	return err
}

func parseVisibility(s string) (int, error) {
	for v, name := range visibilityNames {
		if s == name || s == strconv.Itoa(v) {
			return v, nil
		}
	}
	if slices.Contains([]string{"", "null", "0", "UNKNOWN_VISIBILITY"}, s) {
		return 0, nil
	}
	return 0, fmt.Errorf("there is no visibility %q", s)
}
