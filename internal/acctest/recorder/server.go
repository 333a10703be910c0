package recorder

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// ShortWaits makes the provider wait less for what a real server may do late.
func ShortWaits(cfg *inventory.Config) {
	cfg.LateWait, cfg.RenameWait, cfg.CreatedWait = 400*time.Millisecond, 400*time.Millisecond, 400*time.Millisecond
	cfg.AskAgain = 50 * time.Millisecond
}

// Remote returns the options of a provider that the recorder of the environment watches,
// and that does not wait for long.
func Remote() []provider.Option {
	r := remote(os.Getenv(Variable))
	return []provider.Option{
		provider.WithInventory(ShortWaits),
		provider.WithServer(func(next guard.Server) tfprotov6.ProviderServer { return Serve(r, next) }),
		provider.WithClient(func(cfg *clarifai.Config) { Watch(r, cfg) }),
	}
}

// server notes what a provider says about what it plans.
type server struct {
	guard.Server
	Book

	process   *atomic.Value // its name: each plan, and each application of one, configures a provider
	refreshed *sync.Map     // what warnings of a refresh name, by the resource as it is then
	schemas   func() *tfprotov6.GetProviderSchemaResponse
}

// Serve returns the server of a provider that is watched.
func Serve(b Book, next guard.Server) tfprotov6.ProviderServer {
	return server{Server: next, Book: b, process: &atomic.Value{}, refreshed: &sync.Map{}, schemas: sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
		schemas, _ := next.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
		return schemas
	})}
}

// ConfigureProvider begins another process, be it the same one for Terraform.
func (s server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	s.process.Store(rand.Text())
	return s.Server.ConfigureProvider(ctx, req)
}

// ReadResource notes the warnings of a refresh, which is part of a plan.
func (s server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.Server.ReadResource(ctx, req)
	if err == nil && resp.NewState != nil {
		s.refreshed.Store(nameOf(req.TypeName, resp.NewState), warned(resp.Diagnostics))
	}
	return resp, err
}

// PlanResourceChange notes the warnings of a plan and what it changes.
func (s server) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.Server.PlanResourceChange(ctx, req)
	if err == nil && resp.PlannedState != nil {
		c := s.call(req.TypeName, req.PriorState, resp.PlannedState)
		refreshed, _ := s.refreshed.Load(c.Resource)
		names, _ := refreshed.([]string)
		names = slices.Concat(names, warned(resp.Diagnostics))
		if !bytes.Equal(resp.PlannedState.MsgPack, req.PriorState.MsgPack) {
			names = append(names, namedByPlan(req.TypeName, s.attributes(req.TypeName, req.PriorState), s.attributes(req.TypeName, resp.PlannedState))...)
		}
		s.note(entry{call: c, Named: names})
	}
	return resp, err
}

// ApplyResourceChange notes what it destroys: of a replacement, nobody tells the provider
// before.
func (s server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	c := s.call(req.TypeName, req.PriorState, req.PlannedState)
	if s.attributes(req.TypeName, req.PlannedState) == nil {
		s.note(entry{call: c, Named: namedByPlan(req.TypeName, s.attributes(req.TypeName, req.PriorState), nil)})
	}
	return s.Server.ApplyResourceChange(context.WithValue(ctx, call{}, c), req)
}

func (s server) call(resourceType string, prior, planned *tfprotov6.DynamicValue) call {
	process, _ := s.process.Load().(string)
	return call{Process: process, Resource: nameOf(resourceType, prior), Planned: nameOf("", planned)}
}

// nameOf names a resource in a state.
func nameOf(resourceType string, v *tfprotov6.DynamicValue) string {
	return fmt.Sprintf("%s %x", resourceType, sha256.Sum256(v.MsgPack))
}

// InvokeAction notes the keys in the action's configuration. All but those are nothing
// that a plan could name.
func (s server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	config, _ := req.Config.Unmarshal(s.schemas().ActionSchemas[req.ActionType].Schema.ValueType())
	var fields map[string]tftypes.Value
	if config.As(&fields) == nil {
		s.note(entry{Named: fingerprintsIn(fields["key_ids"]), ExceptKey: !fields["except_key_ids"].IsNull()})
	}
	return s.Server.InvokeAction(ctx, req)
}

// CloseEphemeralResource notes a temporary key, which no plan can name.
func (s server) CloseEphemeralResource(
	ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	var notes map[string][]byte // in base64
	if json.Unmarshal(req.Private, &notes) == nil {
		for _, note := range notes {
			s.note(entry{Named: fingerprint.FindAllString(string(note), -1)})
		}
	}
	return s.Server.CloseEphemeralResource(ctx, req)
}

var fingerprint = regexp.MustCompile(`\b[0-9a-f]{16}\b`)

// warned returns what warnings name, unless they say that it lives on.
func warned(diags []*tfprotov6.Diagnostic) (names []string) {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityWarning && !LivesOn(d) {
			names = append(names, fingerprint.FindAllString(d.Detail, -1)...)
		}
	}
	return names
}

// LivesOn reports whether a message says of keys that no apply revokes them.
func LivesOn(d *tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc([]string{"left alone", "stays alive", "is alive", "will keep wider", "give access to several apps"},
		func(heading string) bool { return strings.Contains(d.Summary, heading) })
}

// attributes returns those of a resource; nil for a null one.
func (s server) attributes(resourceType string, v *tfprotov6.DynamicValue) (fields map[string]tftypes.Value) {
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
// keys that leave an attribute. Of one that is not known yet these are all but the current
// key, as a rotation ends overlaps, unless that is created anew or moves.
func namedByPlan(resourceType string, prior, planned map[string]tftypes.Value) (names []string) {
	switch {
	case prior == nil:
	case resourceType == "clarifai_app" && planned == nil:
		var user, id string
		if prior["user_id"].As(&user) == nil && prior["id"].As(&id) == nil {
			names = append(names, user+"/"+id)
		}
	case strings.HasSuffix(resourceType, "_app_key"):
		moves := planned != nil && !(prior["app_id"].Equal(planned["app_id"]) && prior["user_id"].Equal(planned["user_id"]))
		renews := planned != nil && resourceType == "clarifai_app_key" && !planned["id"].IsKnown()
		for _, name := range []string{"id", "previous_id", "key_ids"} {
			before := fingerprintsIn(prior[name])
			if planned != nil && !moves && !renews {
				stays := fingerprintsIn(planned[name])
				if !planned[name].IsFullyKnown() && name != "previous_id" {
					stays = fingerprintsIn(prior["id"])
				}
				before = slices.DeleteFunc(before, func(f string) bool { return slices.Contains(stays, f) })
			}
			names = append(names, before...)
		}
	case resourceType == "clarifai_app_keys_exclusive" && planned != nil &&
		planned["other_keys"].IsFullyKnown() && !prior["other_keys"].Equal(planned["other_keys"]):
		names = append(names, fingerprintsIn(prior["other_keys"])...)
	}
	return names
}

// fingerprintsIn returns the fingerprints in a value: of an ID, a set of them, or a map by
// ID.
func fingerprintsIn(v tftypes.Value) (all []string) {
	return fingerprint.FindAllString(v.String(), -1)
}
