package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
)

// This file holds the provider to its promise that nothing dies that the plan has not
// shown. It stands between Terraform and the provider, where it sees what plans name,
// and between the provider and Clarifai, where it sees every DELETE.

// recorder knows what the plans of one test have named.
type recorder struct {
	world *World

	mu       sync.Mutex
	named    map[string]bool // fingerprints of keys, and apps as user_id/app_id
	unnamed  map[string]bool // what was deleted without that
	exempted bool            // the action with except_key_ids was invoked
}

func newRecorder(w *World) *recorder {
	return &recorder{world: w, named: map[string]bool{}, unnamed: map[string]bool{}}
}

func (r *recorder) name(all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, what := range all {
		r.named[what] = true
	}
}

// check returns an error for each key or app that was deleted without being named.
func (r *recorder) check() (errs []error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for what := range r.unnamed {
		errs = append(errs, fmt.Errorf("%s was deleted, and no plan had named it", what))
	}
	return errs
}

// session watches the requests of one configured provider.
type session struct {
	*recorder
	next     http.RoundTripper
	existing map[string]bool // the keys from before it: it may revoke what it created itself
	created  map[string]bool // the IDs of apps that it created
}

// watch returns a transport that checks the DELETEs of a provider from now on.
func (r *recorder) watch(next http.RoundTripper) http.RoundTripper {
	s := &session{recorder: r, next: next, existing: map[string]bool{}, created: map[string]bool{}}
	for _, secret := range r.world.Secrets() {
		s.existing[secret] = true
	}
	return s
}

// RoundTrip checks a DELETE before it is sent.
func (s *session) RoundTrip(req *http.Request) (*http.Response, error) {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/") // v2/users/USER/keys/KEY
	switch {
	case req.Method == http.MethodDelete && len(parts) == 5:
		s.deletes(parts[2], parts[3], parts[4])
	case req.Method == http.MethodPost && len(parts) == 4 && parts[3] == "apps":
		s.creates(req)
	}
	return s.next.RoundTrip(req)
}

func (s *session) creates(req *http.Request) {
	var posted struct {
		Apps []struct{ ID string }
	}
	body, err := req.GetBody()
	if err != nil || json.NewDecoder(body).Decode(&posted) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, app := range posted.Apps {
		s.created[app.ID] = true
	}
}

func (s *session) deletes(user, collection, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what, subject := user+"/"+id, "app "+user+"/"+id
	if collection == "keys" {
		what = clarifai.Secret(id).Fingerprint()
		subject = "key " + what
		if !s.existing[id] || s.exempted {
			return
		}
	}
	if !s.named[what] && !(collection == "apps" && s.created[id]) {
		s.unnamed[subject] = true
	}
}

// recordedServer notes what a provider says about what it plans.
type recordedServer struct {
	guard.Server
	rec *recorder

	schemas func() *tfprotov6.GetProviderSchemaResponse
}

// Server returns the provider as tests serve it, watched by the recorder of the test.
func (w *World) Server() tfprotov6.ProviderServer {
	server, ok := w.Provider().Server().(guard.Server)
	if !ok {
		panic("the provider does not answer every call")
	}
	return recordedServer{Server: server, rec: w.recorder, schemas: sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
		schemas, _ := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
		return schemas
	})}
}

// ReadResource notes the warnings of a refresh, which is part of a plan.
func (s recordedServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.Server.ReadResource(ctx, req)
	if err == nil {
		s.warned(resp.Diagnostics)
	}
	return resp, err
}

// PlanResourceChange notes the warnings of a plan and what it changes.
func (s recordedServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.Server.PlanResourceChange(ctx, req)
	if err == nil {
		s.warned(resp.Diagnostics)
		if resp.PlannedState != nil && !bytes.Equal(resp.PlannedState.MsgPack, req.PriorState.MsgPack) {
			prior, planned := s.attributes(req.TypeName, req.PriorState), s.attributes(req.TypeName, resp.PlannedState)
			s.rec.name(namedByPlan(req.TypeName, prior, planned))
		}
	}
	return resp, err
}

// ApplyResourceChange notes what it destroys: of a replacement, nobody tells the provider
// before.
func (s recordedServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if s.attributes(req.TypeName, req.PlannedState) == nil {
		s.rec.name(namedByPlan(req.TypeName, s.attributes(req.TypeName, req.PriorState), nil))
	}
	return s.Server.ApplyResourceChange(ctx, req)
}

// InvokeAction notes the keys in the action's configuration. All but those are nothing
// that a plan could name.
func (s recordedServer) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	config, _ := req.Config.Unmarshal(s.schemas().ActionSchemas[req.ActionType].Schema.ValueType())
	var fields map[string]tftypes.Value
	if config.As(&fields) == nil {
		s.rec.name(fingerprintsIn(fields["key_ids"]))
		s.rec.mu.Lock()
		s.rec.exempted = s.rec.exempted || !fields["except_key_ids"].IsNull()
		s.rec.mu.Unlock()
	}
	return s.Server.InvokeAction(ctx, req)
}

// CloseEphemeralResource notes a temporary key, which no plan can name.
func (s recordedServer) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	var notes map[string][]byte // in base64
	if json.Unmarshal(req.Private, &notes) == nil {
		for _, note := range notes {
			s.rec.name(fingerprint.FindAllString(string(note), -1))
		}
	}
	return s.Server.CloseEphemeralResource(ctx, req)
}

var fingerprint = regexp.MustCompile(`\b[0-9a-f]{16}\b`)

// warned notes what warnings name, unless they say that it lives on.
func (s recordedServer) warned(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityWarning && !livesOn(d) {
			s.rec.name(fingerprint.FindAllString(d.Detail, -1))
		}
	}
}

// livesOn reports whether a message says of keys that no apply revokes them.
func livesOn(d *tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc([]string{"left alone", "stays alive", "is alive", "will keep wider", "give access to several apps"},
		func(heading string) bool { return strings.Contains(d.Summary, heading) })
}

// attributes returns those of a resource; nil for a null one.
func (s recordedServer) attributes(resourceType string, v *tfprotov6.DynamicValue) (fields map[string]tftypes.Value) {
	schema := s.schemas().ResourceSchemas[resourceType]
	if v == nil || schema == nil {
		return nil
	}
	if object, err := v.Unmarshal(schema.ValueType()); err == nil && !object.IsNull() {
		_ = object.As(&fields) // of an object
	}
	return fields
}

// namedByPlan returns what a plan names of a resource: what a destruction takes, and the
// keys that leave an attribute. A value that is not known yet names none, except the ID
// of a key that is created anew or moves, and previous_id: a rotation ends the overlap of
// the key before.
func namedByPlan(resourceType string, prior, planned map[string]tftypes.Value) (names []string) {
	switch {
	case prior == nil:
	case resourceType == "clarifai_app" && planned == nil:
		texts := textsOf(prior)
		names = append(names, texts["user_id"]+"/"+texts["id"])
	case strings.HasSuffix(resourceType, "_app_key"):
		moves := planned != nil && !(prior["app_id"].Equal(planned["app_id"]) && prior["user_id"].Equal(planned["user_id"]))
		renews := planned != nil && resourceType == "clarifai_app_key" && !planned["id"].IsKnown()
		for _, name := range []string{"id", "previous_id", "key_ids"} {
			before := fingerprintsIn(prior[name])
			if planned != nil && !moves && !renews {
				stays, leaves := fingerprintsIn(planned[name]), planned[name].IsFullyKnown() || name == "previous_id"
				before = slices.DeleteFunc(before, func(f string) bool { return !leaves || slices.Contains(stays, f) })
			}
			names = append(names, before...)
		}
	case resourceType == "clarifai_app_keys_exclusive" && planned != nil && planned["other_keys"].IsFullyKnown() && !prior["other_keys"].Equal(planned["other_keys"]):
		names = append(names, fingerprintsIn(prior["other_keys"])...)
	}
	return names
}

// fingerprintsIn returns the fingerprints in a value: of an ID, a set of them, or a map by
// ID.
func fingerprintsIn(v tftypes.Value) (all []string) {
	return fingerprint.FindAllString(v.String(), -1)
}
