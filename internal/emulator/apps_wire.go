package emulator

// Messages about apps, with the names of Clarifai's swagger: the fields that the
// emulator understands. It refuses others.

type appIn struct {
	ID                string         `json:"id"`
	Name              *string        `json:"name"`
	DefaultLanguage   string         `json:"default_language"`
	DefaultWorkflowID string         `json:"default_workflow_id"`
	DefaultWorkflow   *Workflow      `json:"default_workflow"`
	UserID            string         `json:"user_id"`
	Metadata          map[string]any `json:"metadata"`
	Description       *string        `json:"description"`
	SampleMS          uint32         `json:"sample_ms"`
	Visibility        *visibility    `json:"visibility"`
	Notes             *string        `json:"notes"`
	IsTemplate        *bool          `json:"is_template"`
}

type wireApp struct {
	ID                string         `json:"id,omitempty"`
	Name              string         `json:"name,omitempty"`
	DefaultLanguage   string         `json:"default_language,omitempty"`
	DefaultWorkflowID string         `json:"default_workflow_id,omitempty"`
	DefaultWorkflow   *wireWorkflow  `json:"default_workflow,omitempty"`
	UserID            string         `json:"user_id,omitempty"`
	CreatedAt         string         `json:"created_at,omitempty"`
	ModifiedAt        string         `json:"modified_at,omitempty"`
	Metadata          map[string]any `json:"metadata,omitempty"`
	Description       string         `json:"description,omitempty"`
	SampleMS          uint32         `json:"sample_ms,omitempty"`
	Visibility        *visibility    `json:"visibility,omitempty"`
	Notes             string         `json:"notes,omitempty"`
	IsTemplate        bool           `json:"is_template,omitempty"`
	ExtraInfo         *wireExtraInfo `json:"extra_info,omitempty"`
}

type wireWorkflow struct {
	ID            string   `json:"id,omitempty"`
	AppID         string   `json:"app_id,omitempty"`
	UserID        string   `json:"user_id,omitempty"`
	UseCases      []string `json:"use_cases"`
	CheckConsents []string `json:"check_consents"`
}

type wireExtraInfo struct {
	Counts map[string]string `json:"counts,omitempty"`
}

func (s Switches) app(a *App) wireApp {
	w := wireApp{ID: a.ID, Name: a.Name, DefaultLanguage: a.DefaultLanguage, UserID: a.UserID,
		CreatedAt: s.stamp(a.CreatedAt), ModifiedAt: s.stamp(a.ModifiedAt), Metadata: a.Metadata,
		Description: a.Description, SampleMS: a.SampleMS, Visibility: s.visibility(a.Visibility),
		Notes: a.Notes, IsTemplate: a.IsTemplate}
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
