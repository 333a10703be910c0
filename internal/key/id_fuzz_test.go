package key

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

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
