package appkey

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// editedKey is clarifai_app_key with other schemas.
type editedKey struct {
	*appKeyResource
	edit func(*schema.Schema, *identityschema.Schema)
}

func (e editedKey) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	e.appKeyResource.Schema(ctx, req, resp)
	e.edit(&resp.Schema, &identityschema.Schema{Attributes: map[string]identityschema.Attribute{}})
}

func (e editedKey) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	e.appKeyResource.IdentitySchema(ctx, req, resp)
	e.edit(&schema.Schema{Attributes: map[string]schema.Attribute{}}, &resp.IdentitySchema)
}

// framework stands for the framework's server, and says nothing.
type framework struct {
	fastpath.Server
	asked int
}

func (f *framework) PlanResourceChange(context.Context, *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	f.asked++
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

func (f *framework) ReadResource(context.Context, *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	f.asked++
	return &tfprotov6.ReadResourceResponse{}, nil
}

// keyObject is a key of the schema as it is, with the attributes that are known.
func keyObject(t *testing.T, known map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	var s resource.SchemaResponse
	(&appKeyResource{}).Schema(t.Context(), resource.SchemaRequest{}, &s)
	typ := s.Schema.Type().TerraformType(t.Context())
	object, _ := typ.(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, a := range object.AttributeTypes {
		values[name] = tftypes.NewValue(a, known[name])
	}
	v, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

func configured(t *testing.T) func() *base.Data {
	t.Helper()
	c, err := clarifai.New(clarifai.Config{BaseURL: "http://127.0.0.1:1", PAT: "0123456789abcdef0123456789abcdef"})
	if err != nil {
		t.Fatal(err)
	}
	d := base.New(inventory.New(c, inventory.Config{UserID: "acme"}), "acme", nil)
	return func() *base.Data { return d }
}

// planned reports whether the fast path answers a plan without a difference.
func planned(t *testing.T, r fastpath.Resource, private string, state, config map[string]any) bool {
	t.Helper()
	f := &framework{}
	current := keyObject(t, state)
	_, err := fastpath.New(f, "clarifai", r).PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "clarifai_app_key", PriorState: current, ProposedNewState: current, Config: keyObject(t, config), PriorPrivate: []byte(private),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.asked == 0
}

// TestFastPath_schema: the framework answers for a schema that the fast path was
// not written for.
func TestFastPath_schema(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*schema.Schema, *identityschema.Schema)
		fast bool
	}{
		"as it is": {func(*schema.Schema, *identityschema.Schema) {}, true},
		"a new attribute": {func(s *schema.Schema, _ *identityschema.Schema) {
			s.Attributes["new"] = schema.StringAttribute{Optional: true}
		}, false},
		"another default": {func(s *schema.Schema, _ *identityschema.Schema) {
			s.Attributes["store_key"] = schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false)}
		}, false},
		"a new default": {func(s *schema.Schema, _ *identityschema.Schema) {
			s.Attributes["description"] = schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("a key")}
		}, false},
		"another version": {func(s *schema.Schema, _ *identityschema.Schema) { s.Version = 1 }, false},
		"another identity": {func(_ *schema.Schema, i *identityschema.Schema) {
			i.Attributes["new"] = identityschema.StringAttribute{}
		}, false},
	} {
		r := fastpath.For(editedKey{appKeyResource: &appKeyResource{}, edit: c.edit}, fastKey{data: configured(t)})
		if got := planned(t, r, "", map[string]any{"store_key": true}, nil); got != c.fast {
			t.Errorf("%s: fast: %t", name, got)
		}
	}
}

// TestFastPath_plan: a plan without a difference may still become one, or have
// something to say.
func TestFastPath_plan(t *testing.T) {
	t.Parallel()
	stored, hidden := map[string]any{"store_key": true}, map[string]any{"store_key": false}
	expiring := maps.Clone(stored)
	expiring["expires_at"] = "2026-01-02T03:04:05Z"
	soon := maps.Clone(expiring)
	soon["user_id"], soon["fingerprint"] = "acme", "0123456789abcdef"
	data := configured(t)
	data().NoteKey(clarifai.KeyRef{UserID: "acme", Fingerprint: "0123456789abcdef"}, func(k *run.Key) { k.Left = time.Hour })
	for name, c := range map[string]struct {
		private       string
		state, config map[string]any
		fast          bool
	}{
		"stored by default":    {state: stored, fast: true},
		"stored as asked":      {state: stored, config: stored, fast: true},
		"hidden as asked":      {state: hidden, config: hidden, fast: true},
		"no longer hidden":     {state: hidden},
		"expiring":             {state: expiring, fast: true},
		"expiring soon":        {state: soon},
		"expiring as asked":    {state: soon, config: expiring, fast: true},
		"expired":              {private: `{"due":"e30="}`, state: expiring, config: expiring},
		"imported":             {private: `{"imported":"dHJ1ZQ=="}`, state: stored, fast: true},
		"with server defaults": {private: `{"server_defaults":"e30="}`, state: stored, fast: true},
		"renamed outside":      {private: `{"strayed":"ImEi"}`, state: stored, fast: true},
		"app recreated":        {private: `{"app_recreated":"dHJ1ZQ=="}`, state: stored},
		"a new note":           {private: `{"new":"dHJ1ZQ=="}`, state: stored},
	} {
		if got := planned(t, FastPath(data), c.private, c.state, c.config); got != c.fast {
			t.Errorf("%s: fast: %t", name, got)
		}
	}
	if planned(t, FastPath(func() *base.Data { return nil }), "", stored, nil) {
		t.Error("not configured, and the fast path answers")
	}
}

// TestFastPath_read: reads have notes of their own to heed, and need a configured provider.
func TestFastPath_read(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"imported": true, "strayed": true, "server_defaults": false, "app_recreated": false, ".import_before_read": false, "new": false} {
		if got := slices.Contains(fastKey{}.WrittenFor().ReadIgnores, name); got != want {
			t.Errorf("%s: ignored: %t", name, got)
		}
	}
	f := &framework{}
	_, err := fastpath.New(f, "clarifai", FastPath(func() *base.Data { return nil })).ReadResource(t.Context(),
		&tfprotov6.ReadResourceRequest{TypeName: "clarifai_app_key", CurrentState: keyObject(t, nil)})
	if err != nil || f.asked != 1 {
		t.Errorf("not configured, and the fast path answers: %v", err)
	}
}
