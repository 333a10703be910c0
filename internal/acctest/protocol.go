package acctest

import (
	"context"
	"maps"
	"reflect"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
)

// This file talks to the provider as Terraform does, for features that the CLI
// under test may be too old for.

// Configured returns a server of the provider that is configured for the emulator.
func (w *World) Configured(t testing.TB) tfprotov6.ProviderServer {
	t.Helper()
	return w.Configure(t, w.Server())
}

// ConfiguredAs is [World.Configured] with another PAT.
func (w *World) ConfiguredAs(t testing.TB, pat string) tfprotov6.ProviderServer {
	t.Helper()
	return w.configureAs(t, w.Server(), pat)
}

// Configure configures a server for the emulator and returns it.
func (w *World) Configure(t testing.TB, server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	t.Helper()
	return w.configureAs(t, server, w.PAT())
}

func (w *World) configureAs(t testing.TB, server tfprotov6.ProviderServer, pat string) tfprotov6.ProviderServer {
	t.Helper()
	if w.Pause != nil {
		w.Pause()
	}
	settings := map[string]any{"api_base": w.URL, "user_id": w.UserID(), "pat": pat, "max_retries": 1}
	maps.Copy(settings, w.Settings)
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: Object(t, schemasOf(t, server).Provider.ValueType(), settings),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return server
}

// Unknown is an attribute of [Object] whose value is not known yet.
const Unknown = unknown(true)

type unknown bool

// Object returns a value of the type of a schema. Attributes that are not named
// are null.
func Object(t testing.TB, typ tftypes.Type, fields map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	v := must(tfprotov6.NewDynamicValue(typ, valueOf(typ, fields)))(t)
	return &v
}

// valueOf returns a value of a type from Go's strings, numbers, maps and slices.
func valueOf(typ tftypes.Type, v any) tftypes.Value {
	if v == Unknown {
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	}
	content := reflect.ValueOf(v)
	object, isObject := typ.(tftypes.Object)
	switch kind := content.Kind(); {
	case isObject && kind == reflect.Map:
		fields := map[string]tftypes.Value{}
		for name, attribute := range object.AttributeTypes {
			var field any
			if given := content.MapIndex(reflect.ValueOf(name)); given.IsValid() {
				field = given.Interface()
			}
			fields[name] = valueOf(attribute, field)
		}
		return tftypes.NewValue(typ, fields)
	case kind == reflect.Map:
		elements := map[string]tftypes.Value{}
		for _, key := range content.MapKeys() {
			elements[key.String()] = valueOf(tftypes.String, content.MapIndex(key).Interface())
		}
		return tftypes.NewValue(typ, elements)
	case kind == reflect.Slice:
		var elements []tftypes.Value
		for i := range content.Len() {
			elements = append(elements, valueOf(tftypes.String, content.Index(i).Interface()))
		}
		return tftypes.NewValue(typ, elements)
	}
	return tftypes.NewValue(typ, v)
}

// Texts returns the attributes of an object that are strings and not null.
func Texts(t testing.TB, object *tfprotov6.DynamicValue, typ tftypes.Type) map[string]string {
	t.Helper()
	return textsOf(as[map[string]tftypes.Value](t, must(object.Unmarshal(typ))(t)))
}

// textsOf returns the attributes that are known strings and not null.
func textsOf(attributes map[string]tftypes.Value) map[string]string {
	texts := map[string]string{}
	for name, v := range attributes {
		var s string
		if v.Type().Is(tftypes.String) && v.IsKnown() && !v.IsNull() && v.As(&s) == nil {
			texts[name] = s
		}
	}
	return texts
}

// as returns the content of a value.
func as[T any](t testing.TB, v tftypes.Value) (content T) {
	t.Helper()
	apitest.Must(t, v.As(&content))
	return content
}

// ImportByIdentity imports a resource as Terraform 1.12 and later do, and reads it.
// It returns the strings in the state, or diagnostics.
func (w *World) ImportByIdentity(t *testing.T, resourceType string, identity map[string]any) (map[string]string, []*tfprotov6.Diagnostic) {
	t.Helper()
	p := w.Process(t)
	identities := must(p.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{}))(t)
	stored, said := p.importOf(&tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: &tfprotov6.ResourceIdentityData{
		IdentityData: Object(t, identities.IdentitySchemas[resourceType].ValueType(), identity)}})
	if len(said) > 0 {
		return nil, said
	}
	return p.Texts(stored), nil
}

// ReadDataSource validates and reads a data source, as core does, and returns its state,
// nil after an error, and the text of the first diagnostic.
func ReadDataSource(
	t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any,
) (state map[string]tftypes.Value, failure string) {
	t.Helper()
	typ := schemasOf(t, server).DataSourceSchemas[name].ValueType()
	config := Object(t, typ, fields)
	req := &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config}
	valid := must(server.ValidateDataResourceConfig(t.Context(), req))(t)
	resp, said := &tfprotov6.ReadDataSourceResponse{}, Said(valid.Diagnostics)
	if !said.Failed() {
		resp = must(server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config}))(t)
		said = append(said, resp.Diagnostics...)
	}
	if len(said) > 0 {
		failure = said[0].Summary + ": " + said[0].Detail
	}
	if said.Failed() {
		return nil, failure
	}
	return as[map[string]tftypes.Value](t, must(resp.State.Unmarshal(typ))(t)), failure
}

// Read reads a data source about which nothing is said, and returns its state.
func Read(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) map[string]tftypes.Value {
	t.Helper()
	state, failure := ReadDataSource(t, server, name, fields)
	if failure != "" {
		t.Fatal(failure)
	}
	return state
}

// Refuses checks that a data source refuses to look something up, with an error that matches
// a pattern and repeats no secret.
func (w *World) Refuses(t *testing.T, name string, asked map[string]any, pattern string) {
	t.Helper()
	state, failure := ReadDataSource(t, w.Configured(t), name, asked)
	if state != nil || !regexp.MustCompile("(?s)"+pattern).MatchString(failure) {
		t.Errorf("%v: %q does not match %q", asked, failure, pattern)
	} else if holds(failure, w.Secrets()) {
		t.Errorf("%s repeats a secret", name)
	}
}

// Values returns what attributes hold, in Go's types.
func Values(t testing.TB, attributes map[string]tftypes.Value) map[string]any {
	t.Helper()
	values := map[string]any{}
	for name, v := range attributes {
		if v.IsKnown() {
			values[name] = plain(t, v)
		}
	}
	return values
}

// Listed returns, of each object in a list, the attribute of this name, which is a
// string.
func Listed(t *testing.T, list tftypes.Value, name string) (texts []string) {
	t.Helper()
	for _, o := range as[[]tftypes.Value](t, list) {
		texts = append(texts, as[string](t, as[map[string]tftypes.Value](t, o)[name]))
	}
	return texts
}

// Strings returns the elements of a list or set of strings.
func Strings(t testing.TB, collection tftypes.Value) (texts []string) {
	t.Helper()
	for _, v := range as[[]tftypes.Value](t, collection) {
		texts = append(texts, as[string](t, v))
	}
	return texts
}

func schemasOf(t testing.TB, server tfprotov6.ProviderServer) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	return must(server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t)
}

// Counting is the framework's server, which counts what the fast path leaves to it.
type Counting struct {
	guard.Server
	Validations, reads, plans int
}

// ValidateResourceConfig counts and passes on.
func (c *Counting) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	c.Validations++
	return c.Server.ValidateResourceConfig(ctx, req)
}

// ReadResource counts and passes on.
func (c *Counting) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	c.reads++
	return c.Server.ReadResource(ctx, req)
}

// PlanResourceChange counts and passes on.
func (c *Counting) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	c.plans++
	return c.Server.PlanResourceChange(ctx, req)
}

// Check checks whether the fast path has answered reads, and plans.
func (c *Counting) Check(t testing.TB, read, plan bool) {
	t.Helper()
	if (c.reads == 0) != read || (c.plans == 0) != plan {
		t.Errorf("%d reads and %d plans are the framework's", c.reads, c.plans)
	}
}
