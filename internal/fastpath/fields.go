package fastpath

import (
	"bytes"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Fields is an object as it came over the wire, attribute by attribute, not
// decoded further than is asked for.
type Fields map[string][]byte

// fieldsOf splits a value in MessagePack. Null and unknown objects have no
// fields and are no error.
func fieldsOf(v *tfprotov6.DynamicValue) (Fields, error) {
	if v == nil || len(v.MsgPack) == 0 {
		return nil, fmt.Errorf("not in MessagePack")
	}
	r := bytes.NewReader(v.MsgPack)
	d := msgpack.GetDecoder()
	defer msgpack.PutDecoder(d)
	d.Reset(r)
	code, err := d.PeekCode()
	if err != nil || code == msgpcode.Nil || msgpcode.IsExt(code) {
		return nil, err
	}
	n, err := d.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	f := make(Fields, n)
	for range n {
		name, err := d.DecodeString()
		if err != nil {
			return nil, err
		}
		start := len(v.MsgPack) - r.Len()
		if err := d.Skip(); err != nil {
			return nil, err
		}
		f[name] = v.MsgPack[start : len(v.MsgPack)-r.Len()]
	}
	return f, nil
}

// Null tells whether the attribute is null.
func (f Fields) Null(name string) bool {
	raw, ok := f[name]
	return ok && len(raw) == 1 && raw[0] == msgpcode.Nil
}

// String gives a known string; null and unknown are not ok.
func (f Fields) String(name string) (s string, ok bool) {
	raw := f[name]
	if len(raw) == 0 || !msgpcode.IsString(raw[0]) {
		return "", false
	}
	d := msgpack.GetDecoder()
	defer msgpack.PutDecoder(d)
	d.Reset(bytes.NewReader(raw))
	s, err := d.DecodeString()
	return s, err == nil
}

// Bool gives a known boolean.
func (f Fields) Bool(name string) (v, ok bool) {
	raw := f[name]
	if len(raw) != 1 {
		return false, false
	}
	return raw[0] == msgpcode.True, raw[0] == msgpcode.True || raw[0] == msgpcode.False
}

// Strings gives a known set or list of known strings.
func (f Fields) Strings(name string) (out []string, ok bool) {
	raw := f[name]
	if len(raw) == 0 || raw[0] == msgpcode.Nil || msgpcode.IsExt(raw[0]) {
		return nil, false
	}
	d := msgpack.GetDecoder()
	defer msgpack.PutDecoder(d)
	d.Reset(bytes.NewReader(raw))
	n, err := d.DecodeArrayLen()
	if err != nil {
		return nil, false
	}
	for range n {
		code, err := d.PeekCode()
		if err != nil || !msgpcode.IsString(code) {
			return nil, false
		}
		s, err := d.DecodeString()
		if err != nil {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}
