package emulator

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Messages that several methods share, as Clarifai's swagger defines them. The
// messages of one noun are in its own files. Answers omit zero values, except
// for lists that are marked cl_show_if_empty.

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

type visibility struct {
	Gettable any `json:"gettable"` // a number or a name
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

func (s Switches) visibility(v int) *visibility {
	if s.Enums == "names" {
		return &visibility{visibilityNames[v]}
	}
	return &visibility{v}
}

func parseVisibility(gettable any) (int, error) {
	text := fmt.Sprint(gettable)
	for v, name := range visibilityNames {
		if text == name || text == strconv.Itoa(v) {
			return v, nil
		}
	}
	if slices.Contains([]any{nil, "", 0.0, "0", "UNKNOWN_VISIBILITY"}, gettable) {
		return 0, nil
	}
	return 0, fmt.Errorf("there is no visibility %q", text)
}
