package fastpath

import (
	"bytes"
	"context"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// decoder reads objects of a schema from MessagePack into its model M, a struct
// with tfsdk tags.
type decoder[M any] struct {
	fields map[string]*field // by attribute
}

// field is where an attribute is in the model.
type field struct {
	index []int // of one in an embedded struct as well
	typ   attr.Type
	wire  tftypes.Type
	// decoded holds the values of collections by their MessagePack. A fleet has
	// few different ones, such as sets of scopes.
	decoded sync.Map
}

// newDecoder reports false if M is not a model of the schema.
func newDecoder[M any](s schema.Schema) (*decoder[M], bool) {
	d := &decoder[M]{fields: make(map[string]*field, len(s.Attributes))}
	model := reflect.TypeFor[M]()
	if model.Kind() != reflect.Struct {
		return nil, false
	}
	for _, f := range reflect.VisibleFields(model) {
		if f.Anonymous {
			continue
		}
		name := f.Tag.Get("tfsdk")
		a, ok := s.Attributes[name]
		if !ok || reflect.TypeOf(a.GetType().ValueType(context.Background())) != f.Type {
			return nil, false
		}
		d.fields[name] = &field{index: f.Index, typ: a.GetType(), wire: a.GetType().TerraformType(context.Background())}
	}
	return d, len(d.fields) == len(s.Attributes)
}

// decode reports false for what is null or unknown as a whole, or has not
// exactly the attributes of the schema.
func (d *decoder[M]) decode(ctx context.Context, v *tfprotov6.DynamicValue) (*M, bool) {
	if v == nil {
		return nil, false
	}
	in := reader{raw: v.MsgPack, Decoder: msgpack.GetDecoder()}
	defer msgpack.PutDecoder(in.Decoder)
	in.at.Reset(v.MsgPack)
	in.Reset(&in.at)
	n, err := in.DecodeMapLen() // -1 for null
	if err != nil || n != len(d.fields) {
		return nil, false
	}
	m := new(M)
	into := reflect.ValueOf(m).Elem()
	for range n {
		f, ok := d.fields[string(in.name())]
		if !ok || !f.decode(ctx, &in, into.FieldByIndex(f.index)) {
			return nil, false
		}
	}
	return m, true
}

// reader is a decoder that knows where it is.
type reader struct {
	*msgpack.Decoder
	raw []byte
	at  bytes.Reader
}

// next returns the next value undecoded, nil if it is cut off.
func (r *reader) next() []byte {
	start := len(r.raw) - r.at.Len()
	if r.Skip() != nil {
		return nil
	}
	return r.raw[start : len(r.raw)-r.at.Len()]
}

// name returns the name of an attribute, without a copy; nil, which is none, if it fails
// or has more than 31 bytes.
func (r *reader) name() []byte {
	if raw := r.next(); len(raw) > 0 && msgpcode.IsFixedString(raw[0]) {
		return raw[1:]
	}
	return nil
}

func (f *field) decode(ctx context.Context, in *reader, into reflect.Value) bool {
	code, _ := in.PeekCode() // 0, the code of a number, if it fails
	switch p := into.Addr().Interface().(type) {
	case *types.String:
		switch {
		case code == msgpcode.Nil:
			*p = types.StringNull()
			return in.DecodeNil() == nil
		case msgpcode.IsString(code):
			s, err := in.DecodeString()
			*p = types.StringValue(s)
			return err == nil
		}
	case *types.Bool:
		switch code {
		case msgpcode.Nil:
			*p = types.BoolNull()
			return in.DecodeNil() == nil
		case msgpcode.True, msgpcode.False:
			b, err := in.DecodeBool()
			*p = types.BoolValue(b)
			return err == nil
		}
	case *types.Set:
		if f.typ.Equal(setOfStrings) && msgpcode.IsFixedArray(code) {
			set, ok := decodeStrings(in)
			*p = set
			return ok
		}
	}
	value, ok := f.value(ctx, in.next())
	if ok {
		into.Set(value)
	}
	return ok
}

var setOfStrings = types.SetType{ElemType: types.StringType}

// decodeStrings decodes a short set of strings. Unlike a set of scopes, such as one
// of IDs is in one resource only, and not worth remembering.
func decodeStrings(in *reader) (set types.Set, ok bool) {
	n, err := in.DecodeArrayLen()
	if err != nil {
		return set, false
	}
	elements := make([]attr.Value, n)
	for i := range elements {
		if code, _ := in.PeekCode(); !msgpcode.IsString(code) {
			return set, false
		}
		s, err := in.DecodeString()
		if err != nil {
			return set, false
		}
		elements[i] = types.StringValue(s)
	}
	return types.SetValueMust(types.StringType, elements), true
}

// value decodes as the framework does, and remembers the result.
func (f *field) value(ctx context.Context, raw []byte) (v reflect.Value, ok bool) {
	if known, ok := f.decoded.Load(string(raw)); ok {
		v, ok = known.(reflect.Value)
		return v, ok
	}
	var value attr.Value
	wire, err := (&tfprotov6.DynamicValue{MsgPack: raw}).Unmarshal(f.wire)
	if err == nil {
		value, err = f.typ.ValueFromTerraform(ctx, wire)
	}
	if err != nil {
		return v, false
	}
	v = reflect.ValueOf(value)
	f.decoded.Store(string(raw), v)
	return v, true
}

// sameMeaning reports whether the framework keeps the state after a read has
// returned got: whether each attribute is equal, or equal in meaning.
func (d *decoder[M]) sameMeaning(ctx context.Context, state, got *M) bool {
	s, g := reflect.ValueOf(state).Elem(), reflect.ValueOf(got).Elem()
	for _, f := range d.fields {
		if !f.sameMeaning(ctx, s.FieldByIndex(f.index), g.FieldByIndex(f.index)) {
			return false
		}
	}
	return true
}

// sameMeaning compares the most frequent types in place: an interface holds a copy.
func (f *field) sameMeaning(ctx context.Context, state, got reflect.Value) bool {
	switch prior := state.Addr().Interface().(type) {
	case *types.String:
		now, ok := reflect.TypeAssert[*types.String](got.Addr())
		return ok && *prior == *now
	case *types.Bool:
		now, ok := reflect.TypeAssert[*types.Bool](got.Addr())
		return ok && *prior == *now
	}
	prior, _ := reflect.TypeAssert[attr.Value](state)
	now, _ := reflect.TypeAssert[attr.Value](got)
	return now.Equal(prior) || equalInMeaning(ctx, prior, now)
}

// of returns the field of a model. It is a value of the framework: newDecoder
// accepts no other model.
func (f *field) of(model reflect.Value) attr.Value {
	v, _ := reflect.TypeAssert[attr.Value](model.FieldByIndex(f.index))
	return v
}

// isNull reports whether the field of a model is null.
func (f *field) isNull(model reflect.Value) bool {
	v, ok := reflect.TypeAssert[interface{ IsNull() bool }](model.FieldByIndex(f.index).Addr())
	return ok && v.IsNull()
}

// equalInMeaning is the framework's semantic equality, of sets alone: other
// values have none here and are left to the framework.
func equalInMeaning(ctx context.Context, prior, now attr.Value) bool {
	want, ok1 := prior.(basetypes.SetValuable)
	got, ok2 := now.(basetypes.SetValuableWithSemanticEquals)
	if !ok1 || !ok2 || prior.IsNull() || prior.IsUnknown() || now.IsNull() || now.IsUnknown() {
		return false
	}
	same, diags := got.SetSemanticEquals(ctx, want)
	return same && len(diags) == 0
}
