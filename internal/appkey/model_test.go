package appkey

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// TestCreatedAtFromAPI: a time that no answer has had yet is filled in by the
// first one that has it.
func TestCreatedAtFromAPI(t *testing.T) {
	t.Parallel()
	at := clarifai.Time{Time: time.Date(2026, 11, 25, 1, 2, 3, 456789000, time.UTC)}
	cut := types.StringValue("2026-11-25T01:02:03Z")
	for name, c := range map[string]struct {
		prior types.String
		other bool // the prior state is of another key
		got   clarifai.Time
		want  types.String
	}{
		"new":                    {prior: types.StringUnknown(), got: at, want: types.StringValue(at.String())},
		"new, not told":          {prior: types.StringUnknown(), want: types.StringNull()},
		"empty, still not told":  {prior: types.StringValue(""), want: types.StringValue("")},
		"empty, filled in":       {prior: types.StringValue(""), got: at, want: types.StringValue(at.String())},
		"null, filled in":        {prior: types.StringNull(), got: at, want: types.StringValue(at.String())},
		"known":                  {prior: cut, got: at, want: cut},
		"known, no longer told":  {prior: cut, want: cut},
		"another key":            {prior: cut, other: true, got: at, want: types.StringValue(at.String())},
		"another key, not told":  {prior: cut, other: true, want: types.StringNull()},
		"another key, was empty": {prior: types.StringValue(""), other: true, want: types.StringNull()},
	} {
		prior := appKeyModel{CreatedAt: c.prior, Fingerprint: types.StringValue("same")}
		if c.other {
			prior.Fingerprint = types.StringValue("other")
		}
		if got := createdAtFromAPI(clarifai.Key{Fingerprint: "same", CreatedAt: c.got}, prior); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
