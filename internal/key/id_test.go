package key

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestParseImportID(t *testing.T) {
	t.Parallel()
	const fingerprint, raw = "0123456789abcdef", "0123456789abcdef0123456789abcdef"
	for id, want := range map[string]Target{
		"u/a/" + fingerprint:                      {Ref: Ref{UserID: "u", AppID: "a", Fingerprint: fingerprint}, StoreKey: true},
		"u/a/" + fingerprint + ",store_key=true":  {Ref: Ref{UserID: "u", AppID: "a", Fingerprint: fingerprint}, StoreKey: true},
		"u/a/" + fingerprint + ",store_key=false": {Ref: Ref{UserID: "u", AppID: "a", Fingerprint: fingerprint}},
		"u/a/description=x":                       {Ref: Ref{UserID: "u", AppID: "a"}, Description: "x", ByDescription: true, StoreKey: true},
		"u/a/description=x/y, z":                  {Ref: Ref{UserID: "u", AppID: "a"}, Description: "x/y, z", ByDescription: true, StoreKey: true},
		"u/a/description=x,store_key=false":       {Ref: Ref{UserID: "u", AppID: "a"}, Description: "x", ByDescription: true},
	} {
		if got, err := ParseImportID(id); err != nil || got != want {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
	for _, id := range []string{"", "/", "//", "u", "u/a", "u/a/", "/a/" + fingerprint, "u//" + fingerprint, "u/a/" + fingerprint[1:], "u/a/" + strings.ToUpper(fingerprint),
		"u/a/description=", "u/a/b/" + fingerprint, ",store_key=false", "u/a/" + fingerprint + ",store_key=no"} {
		apitest.Is(t, apitest.Err(ParseImportID(id)), errImportForm)
	}
	for _, id := range []string{raw, "u/" + raw, "u/a/" + raw, raw + ",store_key=false", "u/a/" + strings.ToUpper(raw)} {
		var e *RawKeyError
		if _, err := ParseImportID(id); !errors.As(err, &e) || !strings.EqualFold(e.Key.Reveal(), raw) {
			t.Errorf("a key in %d characters is not seen: %v", len(id), err)
		}
	}
}

// An ID is exactly an ID: what an import takes besides it would let key_ids name a key
// that nothing recognizes, and so revoke it.
func TestRefOf(t *testing.T) {
	t.Parallel()
	const id = "u/a/0123456789abcdef"
	if ref, ok := RefOf(id); !ok || ref.ID() != id {
		t.Errorf("%+v, %t", ref, ok)
	}
	for _, other := range []string{id + ",store_key=true", id + ",store_key=false", id + "\n", "u/a/description=x", "u//0123456789abcdef", "a/0123456789abcdef"} {
		if ref, ok := RefOf(other); ok {
			t.Errorf("%q is taken for %+v", other, ref)
		}
	}
}

// An error repeats neither a key in the place of an app nor what a terminal obeys.
func TestParseIDs_repeatsNoSecret(t *testing.T) {
	t.Parallel()
	raw := strings.Repeat("0a1b2c3d", 4)
	for id, app := range map[string]string{"u/" + raw + "/0123456789abcdef": "a", "u/a/0123456789abcdef": raw, raw + "/a/0123456789abcdef": "b\x1b[8m", "u/b\x1b[8m/0123456789abcdef": "a"} {
		var said diag.Diagnostics
		ParseIDs(types.SetValueMust(types.StringType, []attr.Value{types.StringValue(id)}), types.StringNull(), types.StringValue(app), &said)
		if text := said[0].Detail(); len(said) != 1 || strings.Contains(text, raw) || strings.Contains(text, "\x1b") || !strings.Contains(text, "is not one of the app ") {
			t.Errorf("%d diagnostics, which may repeat it: %q", len(said), clarifai.RedactKeys(text))
		}
	}
}

// FuzzParseImportID reads anything without a panic. What it takes is whole, and
// what it refuses is not repeated.
func FuzzParseImportID(f *testing.F) {
	const key = "d2fe79ce18127368b7a8a3c8b1937843"
	for _, id := range []string{
		"u/a/0123456789abcdef", "u/a/0123456789abcdef,store_key=false", "u/a/description=a text, with / and ,store_key=true", "u/a/description=",
		key, "u/a/" + key, key + "/a/0123456789abcdef", "u/a/" + key + ",store_key=false", "", "/", "//", "u//0123456789abcdef", ",store_key=false",
		"u/a/0123456789ABCDEF", "u/a/0123456789abcdef\n", " " + key + " ",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		w, err := ParseImportID(id)
		if err != nil {
			if len(id) > 3 && strings.Contains(err.Error(), id) && !strings.Contains(errImportForm.Error()+(&RawKeyError{}).Error(), id) {
				t.Error("the error repeats the id")
			}
		} else if w.UserID == "" || w.AppID == "" || strings.Contains(w.AppID, "/") || (w.Fingerprint == "") != w.ByDescription || (w.Description == "") == w.ByDescription {
			t.Errorf("half an id: %+v", w)
		} else if rest := strings.TrimPrefix(id, w.UserID+"/"+w.AppID+"/"); !strings.HasPrefix(rest, w.Fingerprint+strings.Repeat("description=", one(w.ByDescription))+w.Description) {
			t.Errorf("%+v is not what was given", w)
		}
		var diags diag.Diagnostics
		if _, ok := ParseID(id, &diags); ok != (err == nil && w.ID() == id) || ok == diags.HasError() {
			t.Errorf("ParseID says %t", ok)
		}
		for _, d := range diags {
			if _, pathed := d.(diag.DiagnosticWithPath); pathed {
				t.Error("Terraform shows the line of an error with a path")
			}
		}
	})
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
