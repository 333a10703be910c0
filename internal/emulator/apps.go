package emulator

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
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
	{name: "PostApps", verb: http.MethodPost, path: "users/{user}/apps", list: "apps", body: true, handle: (*Emulator).postApps},
	{name: "ListApps", verb: http.MethodGet, path: "users/{user}/apps", list: "apps",
		params: []string{"page", "per_page", "search", "sort_by_id", "sort_ascending"}, handle: (*Emulator).listApps},
	{name: "PatchAppsIds", verb: http.MethodPatch, path: "users/{user}/apps/ids", list: "apps", body: true, handle: (*Emulator).patchAppsIDs},
	{name: "GetApp", verb: http.MethodGet, path: "users/{user}/apps/{app}", params: []string{"additional_fields"}, handle: (*Emulator).getApp},
	{name: "PatchApp", verb: http.MethodPatch, path: "users/{user}/apps/{app}", body: true, handle: (*Emulator).patchApp},
	{name: "DeleteApp", verb: http.MethodDelete, path: "users/{user}/apps/{app}", handle: (*Emulator).deleteApp},
	{name: "GetResourceCounts", verb: http.MethodGet, path: "users/{user}/apps/{app}/resource_counts", handle: (*Emulator).getResourceCounts},
}

func (e *Emulator) getApp(x *exchange) (answer, *failure) {
	a, f := e.appInPath(x)
	if f != nil {
		return nil, f
	}
	w := x.sw.app(a)
	if e.store.isRenamed(a) {
		switch x.sw.RenameOld {
		case "moved_owner":
			w.UserID = strangerID
		case "moved_app":
			w.CreatedAt = x.sw.stamp(a.CreatedAt.Add(time.Hour))
		}
	}
	if slices.Contains(x.query["additional_fields"], "counts") {
		w.ExtraInfo = &wireExtraInfo{Counts: a.Counts.wire()}
	}
	return answer{"app": w}, nil
}

// getResourceCounts returns how much an app holds. It omits zeros, as every answer does.
func (e *Emulator) getResourceCounts(x *exchange) (answer, *failure) {
	a, f := e.appInPath(x)
	if f != nil {
		return nil, f
	}
	fields := answer{}
	for name, n := range a.Counts.wire() {
		fields[name] = n
	}
	return fields, nil
}

// wire returns the counts that are not zero. JSON carries an int64 as a string.
func (c Counts) wire() map[string]string {
	counts := map[string]string{}
	for name, n := range map[string]int64{"inputs": c.Inputs, "datasets": c.Datasets, "models": c.Models,
		"workflows": c.Workflows, "pipelines": c.Pipelines} {
		if n != 0 {
			counts[name] = strconv.FormatInt(n, 10)
		}
	}
	return counts
}

// appInPath returns the app that the path names, or a failure if it does not exist.
func (e *Emulator) appInPath(x *exchange) (*App, *failure) {
	return e.findApp(x, appRef{x.userID, x.vars["app"]})
}

// shows reports whether a request finds an app that exists.
func (e *Emulator) shows(x *exchange, a *App) bool {
	return !(x.foreign && a.Visibility != visibilityPublic) && !e.misses(x, a.CreatedAt)
}

// misses reports whether a request does not find what exists: a read, for the time of
// the switch create_lag, or a deletion, as often as delete_misses says.
func (e *Emulator) misses(x *exchange, created time.Time) bool {
	switch path := x.request.URL.Path; x.request.Method {
	case http.MethodGet:
		return e.opts.Now().Before(created.Add(x.sw.CreateLag))
	case http.MethodDelete:
		e.store.misses[path]++
		return e.store.misses[path] <= x.sw.DeleteMisses
	}
	return false
}

// strangerID is the owner of what a renamed app's old ID leads to under the switch
// rename_old=moved_owner.
const strangerID = "another-owner"

// findApp returns the app, or a failure if it does not exist. For an app that was
// renamed, the failure may contain its new ID.
func (e *Emulator) findApp(x *exchange, ref appRef) (*App, *failure) {
	if a := e.store.app(ref); a != nil && e.shows(x, a) {
		return a, nil
	}
	if to := e.store.movedTo(ref); to != nil && x.sw.RenameOld != "not_found" && x.vars["app"] == ref.AppID {
		f := fail(codeMoved, "application '%s' is now '%s'", ref.AppID, to.ID)
		// The URL of the request with the new ID instead of the old one.
		f.location = strings.Replace(x.request.URL.RequestURI(), "/apps/"+url.PathEscape(ref.AppID), "/apps/"+url.PathEscape(to.ID), 1)
		if x.sw.RenameOld == "moved_owner" {
			f.location = strings.Replace(f.location, "/users/"+url.PathEscape(x.vars["user"]), "/users/"+strangerID, 1)
		}
		f.redirect = &wireRedirect{URL: f.location, ResourceType: "app", OldResourceID: ref.AppID, NewResourceID: to.ID}
		return nil, f
	}
	return nil, fail(codeDoesNotExist, "app_id '%s' not found. Check the url of your request.", ref.AppID)
}

func (e *Emulator) postApps(x *exchange) (answer, *failure) {
	var body struct {
		Apps []appIn `json:"apps"`
	}
	if f := x.decode(&body); f != nil {
		return nil, f
	}
	apps, f := each("apps", body.Apps, func(in *appIn) (*App, *failure) { return e.newApp(x, in) })
	if f != nil {
		return nil, f
	}
	wires := make([]wireApp, len(apps))
	for i, a := range apps {
		e.store.putApp(a)
		wires[i] = x.sw.writtenApp(a)
		if x.sw.DefaultKey {
			e.store.putKey(&Key{ID: NewSecret(), Type: typeAppKey, AppID: a.ID, UserID: a.UserID,
				Description: "App-specific key", Scopes: []string{scopeAll}, CreatedAt: a.CreatedAt})
		}
	}
	return answer{"apps": wires}, nil
}

// newApp returns the app that a request describes.
func (e *Emulator) newApp(x *exchange, in *appIn) (*App, *failure) {
	owner := x.userID
	if x.sw.AppOwner == "caller" {
		owner = x.caller.UserID
	}
	id := cmp.Or(in.ID, NewSecret())
	if f := x.checkAppID(id); f != nil {
		return nil, f
	}
	if e.store.app(appRef{owner, id}) != nil {
		return nil, duplicateApp(x, id)
	}
	a := (&App{ID: id, UserID: owner}).withDefaults(e.opts.Now())
	if f := a.setFields(in, false); f != nil {
		return nil, f
	}
	a.Metadata = in.Metadata
	wanted := in.workflow()
	if wanted == nil {
		wanted = &Workflow{ID: defaultWorkflow}
	}
	return a, e.setWorkflow(x, a, *wanted, false)
}

// withDefaults sets what has no value to that of a new app, except for the default
// workflow.
func (a *App) withDefaults(created time.Time) *App {
	a.Name = cmp.Or(a.Name, a.ID)
	a.DefaultLanguage = cmp.Or(a.DefaultLanguage, defaultLanguage)
	a.SampleMS = cmp.Or(a.SampleMS, defaultSampleMS)
	a.Visibility = cmp.Or(a.Visibility, visibilityPrivate)
	a.CreatedAt = cmp.Or(a.CreatedAt, created)
	a.ModifiedAt = cmp.Or(a.ModifiedAt, a.CreatedAt)
	return a
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
	if in.Visibility == nil {
		return nil
	}
	var err error
	if a.Visibility, err = parseVisibility(in.Visibility.Gettable); err != nil {
		return fail(codeBadFormat, "%v", err)
	}
	if a.Visibility == 0 {
		return fail(codeInvalidRequest, "visibility must not be UNKNOWN_VISIBILITY")
	}
	return nil
}

func (e *Emulator) deleteApp(x *exchange) (answer, *failure) {
	a, f := e.appInPath(x)
	if f != nil {
		return nil, f
	}
	keys := e.store.dropApp(a)
	if x.sw.DeleteLag > 0 {
		e.store.staleApps = append(e.store.staleApps, stale[*App]{a, e.store.listings + x.sw.DeleteLag})
		e.store.keepListed(x.sw.DeleteLag, keys...)
	}
	x.details = fmt.Sprintf("application '%s' deleted", a.ID)
	return nil, nil
}

// patchAppsIDs renames an app.
func (e *Emulator) patchAppsIDs(x *exchange) (answer, *failure) {
	var body struct {
		IDs []struct {
			ID    string `json:"id"`
			NewID string `json:"new_id"`
		} `json:"ids"`
		Action string `json:"action"`
	}
	if f := x.decode(&body); f != nil {
		return nil, f
	}
	if body.Action != "overwrite" || len(body.IDs) != 1 {
		return nil, fail(codeInvalidRequest, "the action must be 'overwrite', and ids must contain exactly one entry")
	}
	to := body.IDs[0].NewID
	a, f := e.findApp(x, appRef{x.userID, body.IDs[0].ID})
	if f != nil {
		return nil, f
	}
	if f := x.checkAppID(to); f != nil {
		return nil, f
	}
	if e.store.app(appRef{x.userID, to}) != nil {
		return nil, duplicateApp(x, to)
	}
	now := e.opts.Now()
	renamed, keys := e.store.renameApp(a, to, now, x.sw.RenameKeys == "dropped")
	e.store.lagRename(keys, now, x.sw.RenameLag)
	return answer{"apps": []wireApp{x.sw.writtenApp(renamed)}}, nil
}
