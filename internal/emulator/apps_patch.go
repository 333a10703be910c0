package emulator

import "slices"

// baseWorkflows are the workflows of app "main" of user "clarifai" that Clarifai's
// docs mention. The real app has more.
var baseWorkflows = []string{emptyWorkflow, "Universal", "General", "Language-Understanding", "Text", "Face", "Food",
	"Travel", "Moderation", "General-Detection"}

// emptyWorkflow is the base workflow without models.
const emptyWorkflow = "Empty"

// patchApp replaces the fields that are present. That overwrite works field by field
// is inferred from a comment in service.proto.
func (e *Emulator) patchApp(x *exchange) (answer, *failure) {
	var body struct {
		App            appIn        `json:"app"`
		Action         string       `json:"action"`
		MetadataAction *patchAction `json:"metadata_action"`
		Reindex        bool         `json:"reindex"`
	}
	if f := x.decode(&body); f != nil {
		return nil, f
	}
	old, f := e.appInPath(x)
	switch in := body.App; {
	case f != nil:
		return nil, f
	case body.Action != "overwrite":
		return nil, fail(codeInvalidRequest, "action '%s' is not supported, only 'overwrite'", body.Action)
	case in.ID != "" && in.ID != old.ID:
		return nil, fail(codeInvalidRequest, "app.id '%s' is not the app in the url", in.ID)
	}
	a := old.clone()
	a.ModifiedAt = e.opts.Now()
	if f := a.setFields(&body.App, x.sw.ClearStrings == "honored"); f != nil {
		return nil, f
	}
	if f := a.setMetadata(body.App.Metadata, body.MetadataAction); f != nil {
		return nil, f
	}
	if wanted := body.App.workflow(); wanted != nil {
		if f := e.setWorkflow(x, a, *wanted, body.Reindex); f != nil {
			return nil, f
		}
	}
	e.store.putApp(a)
	return answer{"app": x.sw.writtenApp(a)}, nil
}

type patchAction struct {
	Op string `json:"op"`
}

// setMetadata changes the metadata as metadata_action says. Without an action, it
// replaces the metadata unless the new one is empty; what Clarifai does is unknown.
func (a *App) setMetadata(sent map[string]any, how *patchAction) *failure {
	if how != nil && how.Op != "overwrite" {
		return fail(codeMetadataArguments, "metadata_action.op '%s' is not supported, only 'overwrite'", how.Op)
	}
	if how != nil || len(sent) > 0 {
		a.Metadata = sent
	}
	return nil
}

// workflow returns the default workflow that a request sets, or nil.
func (in *appIn) workflow() *Workflow {
	if w := in.DefaultWorkflow; w != nil && w.ID != "" {
		return &Workflow{ID: w.ID, AppID: w.AppID, UserID: w.UserID}
	}
	if in.DefaultWorkflowID != "" {
		return &Workflow{ID: in.DefaultWorkflowID}
	}
	return nil
}

// setWorkflow makes the wanted workflow the app's default. If the app holds
// inputs, the request must set reindex. A release note says that it fails
// otherwise; the code is unknown.
func (e *Emulator) setWorkflow(x *exchange, a *App, wanted Workflow, reindex bool) *failure {
	own := Workflow{ID: wanted.ID, AppID: a.ID, UserID: a.UserID}
	source := wanted
	if source.AppID == "" && source.UserID == "" {
		source = own
		if !slices.Contains(a.Workflows, wanted.ID) {
			source = Workflow{ID: wanted.ID, AppID: "main", UserID: "clarifai"}
		}
	}
	if !e.workflowExists(a, source) {
		return fail(codeWorkflowNotFound, "workflow '%s' of app '%s' of user '%s' not found", source.ID, source.AppID, source.UserID)
	}
	result := source
	if x.sw.DefaultWorkflow == "copied" && source != own {
		result = own
	}
	if result == a.DefaultWorkflow {
		return nil
	}
	if a.Counts.Inputs > 0 && !reindex {
		return fail(codeInvalidRequest, "changing the default workflow requires reindex: the app holds %d inputs", a.Counts.Inputs)
	}
	if result == own && !slices.Contains(a.Workflows, own.ID) {
		a.Workflows = append(a.Workflows, own.ID)
		a.Counts.Workflows++
	}
	if result != source && !slices.Contains(a.CopiedWorkflows, own.ID) {
		a.CopiedWorkflows = append(a.CopiedWorkflows, own.ID)
	}
	a.DefaultWorkflow = result
	return nil
}

func (e *Emulator) workflowExists(a *App, w Workflow) bool {
	if w.AppID == "main" && w.UserID == "clarifai" {
		return slices.Contains(baseWorkflows, w.ID)
	}
	if w.AppID == a.ID && w.UserID == a.UserID {
		return slices.Contains(a.Workflows, w.ID)
	}
	other := e.store.app(appRef{w.UserID, w.AppID})
	return other != nil && slices.Contains(other.Workflows, w.ID)
}
