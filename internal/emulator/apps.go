package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// Defaults of a new app. Clarifai's docs state the language and, for apps
// created through the API, the workflow. The default of sample_ms is unknown;
// that apps are private is inferred.
const (
	defaultLanguage = "en"
	defaultSampleMS = 1000
	defaultWorkflow = "Universal"
)

// maxNotes is the maximum length of notes in bytes, from a comment in resources.proto.
const maxNotes = 64 << 10

// appIDPattern matches the characters that Clarifai's docs allow in an app ID.
var appIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

var appRoutes = []*route{
	{name: "PostApps", verb: http.MethodPost, path: "users/{user}/apps",
		list: "apps", body: true, handle: (*Emulator).postApps},
	{name: "ListApps", verb: http.MethodGet, path: "users/{user}/apps", params: listAppParams,
		list: "apps", handle: (*Emulator).listApps},
	{name: "PatchApps", verb: http.MethodPatch, path: "users/{user}/apps", list: "apps", body: true, handle: (*Emulator).patchApps},
	{name: "PatchAppsIds", verb: http.MethodPatch, path: "users/{user}/apps/ids", list: "apps", body: true, handle: (*Emulator).patchAppsIDs},
	{name: "GetApp", verb: http.MethodGet, path: "users/{user}/apps/{app}", params: []string{"additional_fields"},
		handle: (*Emulator).getApp},
	{name: "PatchApp", verb: http.MethodPatch, path: "users/{user}/apps/{app}", body: true, handle: (*Emulator).patchApp},
	{name: "DeleteApp", verb: http.MethodDelete, path: "users/{user}/apps/{app}", handle: (*Emulator).deleteApp},
	{name: "GetResourceCounts", verb: http.MethodGet, path: "users/{user}/apps/{app}/resource_counts",
		handle: (*Emulator).getResourceCounts},
}

func (e *Emulator) getApp(x *exchange) (answer, *failure) {
	a, f := e.findApp(x, appRef{x.userID, x.vars["app"]})
	if f != nil {
		return answer{}, f
	}
	w := x.sw.app(a)
	for _, field := range x.query.values["additional_fields"] {
		if field == "counts" || field == "all" {
			w.ExtraInfo = &wireExtraInfo{Counts: wireCountsOf(a.Counts),
				SearchRevisionMarker: strconv.FormatInt(a.ModifiedAt.UnixNano(), 36)}
		}
	}
	return answer{fields: map[string]any{"app": w}}, nil
}

// getResourceCounts returns how much an app holds. It omits zeros, as every answer does.
func (e *Emulator) getResourceCounts(x *exchange) (answer, *failure) {
	a, f := e.findApp(x, appRef{x.userID, x.vars["app"]})
	if f != nil {
		return answer{}, f
	}
	fields := map[string]any{}
	for name, n := range map[string]int64{"inputs": a.Counts.Inputs, "datasets": a.Counts.Datasets,
		"models": a.Counts.Models, "workflows": a.Counts.Workflows, "pipelines": a.Counts.Pipelines} {
		if n != 0 {
			fields[name] = strconv.FormatInt(n, 10)
		}
	}
	return answer{fields: fields}, nil
}

// findApp returns the app, or a failure if it does not exist. For an app that was
// renamed, the failure may contain its new ID.
func (e *Emulator) findApp(x *exchange, ref appRef) (*App, *failure) {
	if a := e.store.apps[ref]; a != nil {
		return a, nil
	}
	if to, ok := e.store.movedTo(ref); ok && x.sw.RenameOld == "moved" && x.vars["app"] == ref.AppID {
		f := fail(codeMoved, "application '%s' is now '%s'", ref.AppID, to)
		f.location = movedURL(x, ref, to)
		f.redirect = &wireRedirect{URL: f.location, ResourceType: "app", OldResourceID: ref.AppID, NewResourceID: to}
		return nil, f
	}
	return nil, fail(codeDoesNotExist, "app_id '%s' not found. Check the url of your request.", ref.AppID)
}

func (e *Emulator) postApps(x *exchange) (answer, *failure) {
	var body postAppsBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	inRequest := map[string]bool{}
	return writeAll(e, "apps", body.Apps, func(in *appIn) ([]change, wireApp, *failure) {
		a, f := e.newApp(x, in, inRequest)
		if f != nil {
			return nil, wireApp{}, f
		}
		inRequest[a.ID] = true
		changes := []change{{App: a}}
		if x.sw.DefaultKey {
			changes = append(changes, change{Key: &Key{ID: NewSecret(), Type: typeAppKey, AppID: a.ID, UserID: a.UserID,
				Description: "App-specific key", Scopes: []string{scopeAll}, CreatedAt: a.CreatedAt}})
		}
		return changes, x.sw.writtenApp(a), nil
	})
}

// newApp returns the app that a request describes. inRequest holds the IDs of
// the apps created earlier in the same request.
func (e *Emulator) newApp(x *exchange, in *appIn, inRequest map[string]bool) (*App, *failure) {
	owner := x.userID
	if x.sw.AppOwner == "caller" {
		owner = x.caller.UserID
	}
	id := in.ID
	if id == "" {
		id = NewSecret()
	}
	if f := x.checkAppID(id); f != nil {
		return nil, f
	}
	if inRequest[id] || e.store.apps[appRef{owner, id}] != nil {
		return nil, duplicateApp(x, id)
	}
	now := e.opts.Now()
	a := &App{ID: id, UserID: owner, Name: id, DefaultLanguage: defaultLanguage, SampleMS: defaultSampleMS,
		Visibility: visibilityPrivate, CreatedAt: now, ModifiedAt: now}
	if f := a.setFields(in, false); f != nil {
		return nil, f
	}
	a.Metadata = cloneObject(in.Metadata)
	wanted := in.workflow()
	if wanted == nil {
		wanted = &Workflow{ID: defaultWorkflow}
	}
	return a, e.setWorkflow(x, a, *wanted, false)
}

func (x *exchange) checkAppID(id string) *failure {
	if !appIDPattern.MatchString(id) || len(id) > x.sw.MaxAppIDLength {
		return fail(codeInvalidRequest, "app id '%s' must be 1 to %d letters, digits, hyphens or underscores",
			id, x.sw.MaxAppIDLength)
	}
	return nil
}

func duplicateApp(x *exchange, id string) *failure {
	f := fail(x.sw.DuplicateAppCode, "application with duplicate id '%s': it already exists", id)
	f.http = httpStatusFor(codeInvalidRequest)
	return f
}

// setFields sets the fields that a request contains. In proto3, an empty string
// looks like an absent one; with allowEmpty, the emulator sets it.
func (a *App) setFields(in *appIn, allowEmpty bool) *failure {
	for _, s := range []struct{ from, to *string }{
		{in.Name, &a.Name}, {in.Description, &a.Description}, {in.Notes, &a.Notes},
	} {
		if s.from != nil && (*s.from != "" || allowEmpty) {
			*s.to = *s.from
		}
	}
	if len(a.Notes) > maxNotes {
		return fail(codeInvalidRequest, "notes must not be longer than %d bytes", maxNotes)
	}
	if in.DefaultLanguage != "" {
		a.DefaultLanguage = in.DefaultLanguage
	}
	if in.SampleMS != 0 {
		a.SampleMS = in.SampleMS
	}
	if in.IsTemplate != nil {
		a.IsTemplate = *in.IsTemplate
	}
	if in.Visibility != nil {
		if in.Visibility.Gettable == 0 {
			return fail(codeInvalidRequest, "visibility must not be UNKNOWN_VISIBILITY")
		}
		a.Visibility = int(in.Visibility.Gettable)
	}
	if in.Image != nil && in.Image.URL != "" {
		a.ImageURL = in.Image.URL
	}
	return nil
}

func (e *Emulator) deleteApp(x *exchange) (answer, *failure) {
	a, f := e.findApp(x, appRef{x.userID, x.vars["app"]})
	if f != nil {
		return answer{}, f
	}
	ref := a.ref()
	keys := slices.Clone(e.store.keysInApp(ref))
	if f := e.commit(change{DropApp: &ref}); f != nil {
		return answer{}, f
	}
	if x.sw.DeleteLag > 0 {
		last := e.store.listings + x.sw.DeleteLag
		list := listOf(e.store.appsOf, ref.UserID)
		list.stale = append(list.stale, staleItem[*App]{a, last})
		for _, k := range keys {
			e.store.keepListed(k, last)
		}
	}
	return answer{details: fmt.Sprintf("application '%s' deleted", a.ID)}, nil
}

// patchAppsIDs renames an app.
func (e *Emulator) patchAppsIDs(x *exchange) (answer, *failure) {
	var body patchAppsIDsBody
	if f := x.decode(&body); f != nil {
		return answer{}, f
	}
	if body.Action != "overwrite" {
		return answer{}, fail(codeInvalidRequest, "action '%s' is not supported, only 'overwrite'", body.Action)
	}
	if len(body.IDs) != 1 {
		return answer{}, fail(codeInvalidRequest, "ids must contain exactly one entry")
	}
	from, to := appRef{x.userID, body.IDs[0].ID}, body.IDs[0].NewID
	if _, f := e.findApp(x, from); f != nil {
		return answer{}, f
	}
	if f := x.checkAppID(to); f != nil {
		return answer{}, f
	}
	if e.store.apps[appRef{x.userID, to}] != nil {
		return answer{}, duplicateApp(x, to)
	}
	renamed := e.store.apps[from].clone()
	renamed.ModifiedAt = e.opts.Now()
	keys := slices.Clone(e.store.keysInApp(from))
	f := e.commit(change{App: renamed}, change{Rename: &rename{From: from, To: to, DropKeys: x.sw.RenameKeys == "dropped"}})
	if f != nil {
		return answer{}, f
	}
	if d := x.sw.renameLag(); d > 0 {
		e.store.lagRename(keys, renamed.ModifiedAt, d)
	}
	return answer{fields: map[string]any{"apps": []wireApp{x.sw.writtenApp(e.store.apps[appRef{x.userID, to}])}}}, nil
}

// mergeObject returns a with b merged into it, recursively.
func mergeObject(a, b map[string]any) map[string]any {
	out := map[string]any{}
	maps.Copy(out, a)
	for name, v := range b {
		old, isOld := out[name].(map[string]any)
		add, isAdd := v.(map[string]any)
		if isOld && isAdd {
			v = mergeObject(old, add)
		}
		out[name] = v
	}
	return out
}
