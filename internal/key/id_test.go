package key

import (
	"errors"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
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
