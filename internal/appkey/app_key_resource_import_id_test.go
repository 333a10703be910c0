package appkey

import (
	"errors"
	"strings"
	"testing"
)

func TestParseImportID(t *testing.T) {
	t.Parallel()
	const print, raw = "0123456789abcdef", "0123456789abcdef0123456789abcdef"
	for id, want := range map[string]wanted{
		"u/a/" + print:                      {UserID: "u", AppID: "a", Fingerprint: print, StoreKey: true},
		"u/a/" + print + ",store_key=true":  {UserID: "u", AppID: "a", Fingerprint: print, StoreKey: true},
		"u/a/" + print + ",store_key=false": {UserID: "u", AppID: "a", Fingerprint: print},
		"u/a/description=x":                 {UserID: "u", AppID: "a", Description: "x", ByDescription: true, StoreKey: true},
		"u/a/description=x/y, z":            {UserID: "u", AppID: "a", Description: "x/y, z", ByDescription: true, StoreKey: true},
		"u/a/description=x,store_key=false": {UserID: "u", AppID: "a", Description: "x", ByDescription: true},
	} {
		if got, err := parseImportID(id); err != nil || got != want {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
	for _, id := range []string{"", "/", "//", "u", "u/a", "u/a/", "/a/" + print, "u//" + print, "u/a/" + print[1:], "u/a/" + strings.ToUpper(print),
		"u/a/description=", "u/a/b/" + print, ",store_key=false", "u/a/" + print + ",store_key=no"} {
		if _, err := parseImportID(id); !errors.Is(err, errImportForm) {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, id := range []string{raw, "u/" + raw, "u/a/" + raw, raw + ",store_key=false", "u/a/" + strings.ToUpper(raw)} {
		var e *rawKeyError
		if _, err := parseImportID(id); !errors.As(err, &e) || !strings.EqualFold(e.key.Reveal(), raw) {
			t.Errorf("a key in %d characters is not seen: %v", len(id), err)
		}
	}
}
