package base

import (
	"context"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// private is private state.
type private map[string][]byte

func (p private) GetKey(_ context.Context, name string) ([]byte, diag.Diagnostics) {
	return p[name], nil
}

func (p private) SetKey(_ context.Context, name string, value []byte) diag.Diagnostics {
	if p[name] = value; value == nil {
		delete(p, name)
	}
	return nil
}

// TestNote stores what states of earlier versions hold, and nothing for what says nothing.
func TestNote(t *testing.T) {
	t.Parallel()
	type record struct {
		Names []string `json:"names,omitempty"`
	}
	checkNote(t, Note[bool]("a"), true, "true")
	checkNote(t, Note[bool]("a"), false, "")
	checkNote(t, Note[string]("b"), "shop", `"shop"`)
	checkNote(t, Note[string]("b"), "", "")
	checkNote(t, Note[record]("c"), record{Names: []string{"x"}}, `{"names":["x"]}`)
	checkNote(t, Note[record]("c"), record{}, "")
	checkNote(t, Note[*record]("d"), &record{Names: []string{"x"}}, `{"names":["x"]}`)
	checkNote(t, Note[*record]("d"), nil, "")
	checkNote(t, Note[map[string]int]("e"), map[string]int{"x": 1}, `{"x":1}`)
}

func checkNote[T any](t *testing.T, n Note[T], value T, stored string) {
	t.Helper()
	var diags diag.Diagnostics
	p, other := private{string(n): []byte(`"before"`)}, private{}
	n.Set(t.Context(), p, value, &diags)
	apitest.Equal(t, string(p[string(n)]), stored, "stored", value)
	n.Copy(t.Context(), p, other, &diags)
	if got := n.Get(t.Context(), other, &diags); !reflect.DeepEqual(got, value) || diags.HasError() {
		t.Errorf("%v is read as %v: %s", value, got, texts(diags))
	}
	if n.Clear(t.Context(), p, &diags); len(p) > 0 {
		t.Errorf("%v is not cleared", value)
	}
	p[string(n)] = []byte("{")
	if n.Get(t.Context(), p, &diags); !diags.HasError() {
		t.Error("what cannot be read is no error")
	}
}
