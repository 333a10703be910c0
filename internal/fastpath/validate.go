package fastpath

import (
	"context"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ConfigKind is the Kind of a resource that has a ValidateConfig of its own. Without
// it, the framework validates such a resource.
type ConfigKind[M any] interface {
	// ConfigIsValid reports whether ValidateConfig has nothing to say about a configuration.
	ConfigIsValid(ctx context.Context, config M) bool
}

// validation does what the framework does to validate a configuration: it calls the
// validators of the schema, for the same values. It reports whether nothing is said;
// what is said is for the framework to say.
type validation[M any] struct {
	decoder *decoder[M]
	checks  map[string]check // by attribute
	own     func(ctx context.Context, config M) bool
}

// newValidation reports false for a resource that the framework has to validate.
func newValidation[M any](r resource.Resource, kind Kind[M], d *decoder[M], s schema.Schema) (v validation[M], ok bool) {
	v = validation[M]{decoder: d, checks: make(map[string]check, len(s.Attributes)), own: func(context.Context, M) bool { return true }}
	if _, validates := r.(resource.ResourceWithValidateConfig); validates {
		k, ok := kind.(ConfigKind[M])
		if !ok {
			return v, false
		}
		v.own = k.ConfigIsValid
	}
	for name, a := range s.Attributes {
		v.checks[name] = newCheck(a, path.Root(name), path.MatchRoot(name))
	}
	_, more := r.(resource.ResourceWithConfigValidators)
	return v, !more && s.DeprecationMessage == ""
}

// silent reports whether the framework would answer without a diagnostic.
func (v validation[M]) silent(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (silent bool) {
	// A validator that looks at more than its own value finds no configuration, and
	// panics. The framework, which has one, calls it again.
	defer func() {
		if recover() != nil {
			silent = false
		}
	}()
	config, ok := v.decoder.decode(ctx, req.Config)
	if !ok {
		return false
	}
	model := reflect.ValueOf(config).Elem()
	for name, c := range v.checks {
		f := v.decoder.fields[name]
		if !(c.mustBeNull && f.isNull(model)) && !c.passes(ctx, f.of(model)) {
			return false
		}
	}
	return v.own(ctx, *config)
}

// check is what the framework checks of an attribute.
type check struct {
	attribute  schema.Attribute
	at         path.Path
	expression path.Expression
	nested     map[string]check // by attribute of an object
	mustBeNull bool             // and nothing else is checked
}

func newCheck(a schema.Attribute, at path.Path, expression path.Expression) check {
	c := check{attribute: a, at: at, expression: expression}
	readOnly := a.IsComputed() && !a.IsOptional()
	switch one := a.(type) {
	case schema.StringAttribute:
		c.mustBeNull = readOnly && len(one.Validators) == 0
	case schema.SetAttribute:
		c.mustBeNull = readOnly && len(one.Validators) == 0
	}
	if object, ok := a.(schema.SingleNestedAttribute); ok {
		c.nested = make(map[string]check, len(object.Attributes))
		for name, inner := range object.Attributes {
			c.nested[name] = newCheck(inner, at.AtName(name), expression.AtName(name))
		}
	}
	return c
}

// passes reports whether the framework has nothing to say about a value. Kinds of
// attributes that are not listed here are left to it.
func (c check) passes(ctx context.Context, v attr.Value) bool {
	readOnly := c.attribute.IsComputed() && !c.attribute.IsOptional()
	if v.IsNull() && c.attribute.IsRequired() || !v.IsNull() && (readOnly || c.attribute.GetDeprecationMessage() != "") {
		return false
	}
	switch a := c.attribute.(type) {
	case schema.StringAttribute:
		value, ok := v.(basetypes.StringValue)
		return ok && !slices.ContainsFunc(a.Validators, func(next validator.String) bool {
			var resp validator.StringResponse
			next.ValidateString(ctx, validator.StringRequest{Path: c.at, PathExpression: c.expression, ConfigValue: value}, &resp)
			return len(resp.Diagnostics) > 0
		})
	case schema.Int64Attribute:
		value, ok := v.(basetypes.Int64Value)
		return ok && !slices.ContainsFunc(a.Validators, func(next validator.Int64) bool {
			var resp validator.Int64Response
			next.ValidateInt64(ctx, validator.Int64Request{Path: c.at, PathExpression: c.expression, ConfigValue: value}, &resp)
			return len(resp.Diagnostics) > 0
		})
	case schema.SetAttribute:
		set, ok := v.(basetypes.SetValuable)
		if !ok {
			return false
		}
		value, diags := set.ToSetValue(ctx)
		return len(diags) == 0 && !slices.ContainsFunc(a.Validators, func(next validator.Set) bool {
			var resp validator.SetResponse
			next.ValidateSet(ctx, validator.SetRequest{Path: c.at, PathExpression: c.expression, ConfigValue: value}, &resp)
			return len(resp.Diagnostics) > 0
		})
	case schema.BoolAttribute:
		return len(a.Validators) == 0
	case schema.MapAttribute:
		return len(a.Validators) == 0
	case schema.SingleNestedAttribute:
		return len(a.Validators) == 0 && c.nestedPass(ctx, v)
	}
	return false
}

func (c check) nestedPass(ctx context.Context, v attr.Value) bool {
	object, ok := v.(basetypes.ObjectValue)
	if !ok {
		return false
	}
	if object.IsNull() || object.IsUnknown() {
		return true
	}
	values := object.Attributes()
	for name, inner := range c.nested {
		if !inner.passes(ctx, values[name]) {
			return false
		}
	}
	return true
}
