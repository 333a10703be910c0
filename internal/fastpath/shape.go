package fastpath

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Shape is what the answers of a Kind depend on in its resource: the schema, which is
// compared, and private state.
type Shape struct {
	Version    int64
	Attributes map[string]Attribute
	// Identity names the attributes that are the identity. All are strings.
	Identity []string
	// ReadIgnores and PlanIgnores name the notes in private state with and without which
	// a read, and a plan without a difference, is the same.
	ReadIgnores, PlanIgnores []string
}

// Attribute is what a Kind depends on in an attribute.
type Attribute struct {
	Type attr.Type
	// Default is the schema's, such as booldefault.StaticBool(true), or nil.
	Default any
	// PlanModifiers says that there are some, none of which changes a plan without a difference.
	PlanModifiers bool
}

// served is what the framework serves of a resource.
type served struct {
	schema   schema.Schema
	identity identityschema.Schema
}

func serve(ctx context.Context, r resource.ResourceWithIdentity) served {
	var s resource.SchemaResponse
	r.Schema(ctx, resource.SchemaRequest{}, &s)
	var i resource.IdentitySchemaResponse
	r.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &i)
	return served{schema: s.Schema, identity: i.IdentitySchema}
}

// fits reports whether a resource is served in this shape. That none of its attributes
// is gone, newDecoder finds out.
func (s Shape) fits(r served) bool {
	if r.schema.Version != s.Version || len(r.schema.Blocks) > 0 {
		return false
	}
	for name, a := range r.schema.Attributes {
		if !s.Attributes[name].fits(a) {
			return false
		}
	}
	return s.fitsIdentity(r.identity)
}

func (s Shape) fitsIdentity(identity identityschema.Schema) bool {
	if identity.Version != 0 || len(identity.Attributes) != len(s.Identity) {
		return false
	}
	for name, a := range identity.Attributes {
		if !slices.Contains(s.Identity, name) || !isText(a.GetType()) || !isText(s.Attributes[name].Type) {
			return false
		}
	}
	return true
}

// anything is a JSON value at which nobody looks.
type anything struct{}

// UnmarshalJSON drops the value.
func (*anything) UnmarshalJSON([]byte) error { return nil }

// hasAttributes reports whether raw is a JSON object of just these attributes.
func (s Shape) hasAttributes(raw []byte) bool {
	var object map[string]anything
	if json.Unmarshal(raw, &object) != nil || len(object) != len(s.Attributes) {
		return false
	}
	for name := range object {
		if _, ok := s.Attributes[name]; !ok {
			return false
		}
	}
	return true
}

func isText(t attr.Type) bool { return t != nil && t.Equal(types.StringType) }

// fits reports whether a is such an attribute. Its default and plan modifiers are
// fields of all the framework's attributes, which have no interface for them. What is
// nested in it must have neither.
func (want Attribute) fits(a schema.Attribute) bool {
	if object, ok := a.(schema.SingleNestedAttribute); ok {
		for _, inner := range object.Attributes {
			if !(Attribute{Type: inner.GetType()}).fits(inner) {
				return false
			}
		}
	} else if _, nested := a.(schema.NestedAttribute); nested {
		return false
	}
	if a.IsWriteOnly() || !a.GetType().Equal(want.Type) {
		return false
	}
	v := reflect.ValueOf(a)
	if v.Kind() != reflect.Struct {
		return false
	}
	def, modifiers := v.FieldByName("Default"), v.FieldByName("PlanModifiers")
	return def.IsValid() && modifiers.IsValid() &&
		reflect.DeepEqual(def.Interface(), want.Default) && modifiers.Len() > 0 == want.PlanModifiers
}
