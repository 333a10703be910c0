package emulator

import (
	"net/url"
	"slices"
	"strings"
)

// baseWorkflows are the workflows of app "main" of user "clarifai" that Clarifai's
// docs mention. The real app has more.
var baseWorkflows = []string{emptyWorkflow, "Universal", "General", "Language-Understanding", "Text", "Face", "Food",
	"Travel", "Moderation", "General-Detection"}

// emptyWorkflow is the base workflow without models.
const emptyWorkflow = "Empty"

func (e *Emulator) patchApp(x *exchange) (answer, *failure) {
	var body patchAppBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	if body.App == nil {
		return answer{}, fail(codeInvalidRequest, "app is missing")
	}
	if body.App.ID != "" && body.App.ID != x.vars["app"] {
		return answer{}, fail(codeInvalidRequest, "app.id '%s' is not the app in the url", body.App.ID)
	}
	body.App.ID = x.vars["app"]
	patched, f := e.patchedApp(x, body.App, &patchAppsBody{Action: body.Action, MetadataAction: body.MetadataAction,
		Reindex: body.Reindex})
	if f != nil {
		return answer{}, f
	}
	return answer{fields: map[string]any{"app": x.sw.writtenApp(patched)}}, e.commit(change{App: patched})
}

func (e *Emulator) patchApps(x *exchange) (answer, *failure) {
	var body patchAppsBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	return writeAll(e, "apps", body.Apps, func(in *appIn) ([]change, wireApp, *failure) {
		patched, f := e.patchedApp(x, in, &body)
		if f != nil {
			return nil, wireApp{}, f
		}
		return []change{{App: patched}}, x.sw.writtenApp(patched), nil
	})
}

// patchedApp returns a changed copy of an app. "overwrite" replaces the fields
// that are present; "remove" removes the image, identified by its current URL.
// Both come from comments in service.proto; that overwrite works field by field
// is inferred.
func (e *Emulator) patchedApp(x *exchange, in *appIn, how *patchAppsBody) (*App, *failure) {
	a, f := e.findApp(x, appRef{x.userID, in.ID})
	if f != nil {
		return nil, f
	}
	a = a.clone()
	a.ModifiedAt = e.opts.Now()
	switch how.Action {
	case "overwrite":
	case "remove":
		if in.Image == nil || in.Image.URL == "" || in.Image.URL != a.ImageURL {
			return nil, fail(codeInvalidRequest, "action 'remove' only removes the image, identified by its current url")
		}
		a.ImageURL = ""
		return a, nil
	default:
		return nil, fail(codeInvalidRequest, "action '%s' is not supported, only 'overwrite' and 'remove'", how.Action)
	}
	if f := a.setFields(in, x.sw.ClearStrings == "honoured"); f != nil {
		return nil, f
	}
	if f := a.setMetadata(in.Metadata, how.MetadataAction); f != nil {
		return nil, f
	}
	if wanted := in.workflow(); wanted != nil {
		return a, e.setWorkflow(x, a, *wanted, how.Reindex)
	}
	return a, nil
}

// Values of PatchAction.merge_conflict_resolution, from resources.proto.
var conflictResolutions = []string{"", "overwrite_by_id", "remove_by_id", "merge_by_id", "overwrite", "append", "do_nothing"}

// setMetadata changes the metadata as metadata_action says. Without an action, it
// replaces the metadata unless the new one is empty; what Clarifai does is unknown.
func (a *App) setMetadata(sent map[string]any, how *patchActionIn) *failure {
	if how == nil {
		if len(sent) > 0 {
			a.Metadata = cloneObject(sent)
		}
		return nil
	}
	if !slices.Contains(conflictResolutions, how.MergeConflictResolution) {
		return fail(codeMetadataArguments, "metadata_action.merge_conflict_resolution '%s' does not exist", how.MergeConflictResolution)
	}
	if how.Path != "" {
		return fail(codeMetadataArguments, "metadata_action.path: the emulator supports only the root")
	}
	switch how.Op {
	case "overwrite":
		a.Metadata = cloneObject(sent)
	case "merge":
		a.Metadata = mergeObject(a.Metadata, cloneObject(sent))
	case "delete":
		a.Metadata = nil
	default:
		return fail(codeMetadataArguments, "metadata_action.op '%s' does not exist", how.Op)
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
	other := e.store.apps[appRef{w.UserID, w.AppID}]
	return other != nil && slices.Contains(other.Workflows, w.ID)
}

// movedURL returns the URL of the request with the app's new ID instead of the old one.
func movedURL(x *exchange, ref appRef, to string) string {
	u := *x.request.URL
	old := "/apps/" + url.PathEscape(ref.AppID)
	u.RawPath = strings.Replace(u.EscapedPath(), old, "/apps/"+url.PathEscape(to), 1)
	u.Path, _ = url.PathUnescape(u.RawPath)
	return u.RequestURI()
}
