package exclusive

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

func TestSortAppKeys(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	made := func(fingerprint, description string, age time.Duration) clarifai.Key {
		return clarifai.Key{Fingerprint: fingerprint, Description: description, CreatedAt: clarifai.Time{Time: now.Add(-age)}}
	}
	fp := func(c string) string { return strings.Repeat(c, 16) }
	temporary := func(age time.Duration) string { return key.TemporaryDescription(now.Add(-age), "smoke: test") }
	for name, c := range map[string]struct {
		living                []clarifai.Key
		wantOthers, wantMarks []string
	}{
		"kept":                               {living: []clarifai.Key{made(fp("a"), "", 0)}},
		"another":                            {living: []clarifai.Key{made(fp("a"), "", 0), made(fp("b"), "", 0)}, wantOthers: []string{fp("b")}},
		"revoked a moment ago":               {living: []clarifai.Key{made(fp("d"), "", 0)}},
		"revoked an hour ago":                {living: []clarifai.Key{made(fp("e"), "", 0)}, wantOthers: []string{fp("e")}},
		"temporary":                          {living: []clarifai.Key{made(fp("b"), temporary(time.Hour), time.Hour)}, wantMarks: []string{fp("b")}},
		"temporary, its age is not known":    {living: []clarifai.Key{{Fingerprint: fp("b"), Description: temporary(time.Hour)}}, wantMarks: []string{fp("b")}},
		"temporary, by a clock that is fast": {living: []clarifai.Key{made(fp("b"), temporary(-time.Minute), 0)}, wantMarks: []string{fp("b")}},
		"temporary, for a day":               {living: []clarifai.Key{made(fp("b"), temporary(24*time.Hour), 24*time.Hour)}, wantOthers: []string{fp("b")}},
		"temporary, of the future":           {living: []clarifai.Key{{Fingerprint: fp("b"), Description: temporary(-time.Hour)}}, wantOthers: []string{fp("b")}},
		"temporary, by a clock of next year": {living: []clarifai.Key{made(fp("b"), temporary(-365*24*time.Hour), time.Hour)}, wantMarks: []string{fp("b")}},
		"an old key described as temporary":  {living: []clarifai.Key{made(fp("b"), temporary(0), 48*time.Hour)}, wantOthers: []string{fp("b")}},
		"temporary without a time":           {living: []clarifai.Key{made(fp("b"), key.TemporaryMark, 0)}, wantOthers: []string{fp("b")}},
		"temporary with more after the time": {living: []clarifai.Key{made(fp("b"), key.TemporaryDescription(now, "")+"!", 0)}, wantOthers: []string{fp("b")}},
		"temporary in another zone":          {living: []clarifai.Key{made(fp("b"), key.TemporaryMark+", made 2026-03-01T13:00:00+01:00", 0)}, wantOthers: []string{fp("b")}},
		"the words elsewhere":                {living: []clarifai.Key{made(fp("b"), "no "+temporary(0), 0)}, wantOthers: []string{fp("b")}},
		"previous":                           {living: []clarifai.Key{made(fp("a"), key.MarkSuccessor("x", fp("b")), 0), made(fp("b"), "x", 0)}, wantMarks: []string{fp("b")}},
		"previous of the previous":           {living: []clarifai.Key{made(fp("c"), "x", 0), made(fp("b"), key.MarkSuccessor("x", fp("c")), 0), made(fp("a"), key.MarkSuccessor("x", fp("b")), 0)}, wantMarks: []string{fp("c"), fp("b")}},
		"successor":                          {living: []clarifai.Key{made(fp("a"), "x", 0), made(fp("b"), key.MarkSuccessor("x", fp("a")), 0)}, wantMarks: []string{fp("b")}},
		"successor of a kept key that died":  {living: []clarifai.Key{made(fp("b"), key.MarkSuccessor("x", fp("a")), 0)}, wantMarks: []string{fp("b")}},
		"successor of another key":           {living: []clarifai.Key{made(fp("b"), key.MarkSuccessor("x", fp("c")), 0), made(fp("c"), "x", 0)}, wantOthers: []string{fp("b"), fp("c")}},
	} {
		keys := appKeys{
			living: c.living, kept: fingerprints{fp("a"): true}, now: now,
			revoked: revokedKeys{fp("d"): now.Add(-59 * time.Minute), fp("e"): now.Add(-time.Hour)},
		}
		others, marked := keys.sort()
		apitest.Equal(t, fingerprintsOf(others), c.wantOthers, "others", name)
		apitest.Equal(t, fingerprintsOf(marked), c.wantMarks, "marked", name)
	}
}

func fingerprintsOf(keys []clarifai.Key) (out []string) {
	for _, k := range keys {
		out = append(out, k.Fingerprint)
	}
	return out
}

// Whatever a state says, a key that was to be kept until now is not revoked, and
// neither is any key of another app than before.
func TestToRevoke(t *testing.T) {
	t.Parallel()
	client, err := clarifai.New(clarifai.Config{BaseURL: "http://127.0.0.1:1", PAT: strings.Repeat("0", 32)})
	apitest.Must(t, err)
	inv := inventory.New(client, inventory.Config{})
	key := func(c string) clarifai.Key {
		return clarifai.Key{UserID: "acme", AppID: "shop", Fingerprint: strings.Repeat(c, 16)}
	}
	set := func(keys ...clarifai.Key) types.Set {
		var ids []attr.Value
		for _, k := range keys {
			ids = append(ids, types.StringValue(k.ID()))
		}
		return types.SetValueMust(types.StringType, ids)
	}
	prior := exclusiveModel{
		UserID: types.StringValue("acme"), AppID: types.StringValue("shop"),
		KeyIDs: set(key("a"), key("b")), OtherKeys: otherKeysFromAPI(inv, []clarifai.Key{key("b"), key("c"), key("d")}),
	}
	plan := prior
	plan.KeyIDs = set(key("a"))
	elsewhere := plan
	elsewhere.AppID = types.StringValue("renamed")
	others := []clarifai.Key{key("b"), key("c"), key("e")} // d is gone, e is new
	for name, c := range map[string]struct {
		update exclusiveUpdate
		want   []string
	}{
		"update":      {exclusiveUpdate{inv: inv, plan: plan, prior: &prior}, []string{key("c").Fingerprint}},
		"another app": {exclusiveUpdate{inv: inv, plan: elsewhere, prior: &prior}, nil},
		"create":      {exclusiveUpdate{inv: inv, plan: plan}, nil},
	} {
		toRevoke, err := c.update.toRevoke(t.Context(), append(others, key("a")), others)
		if got := fingerprintsOf(toRevoke); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v are revoked, %v", name, got, err)
		}
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	u := exclusiveUpdate{inv: inv, plan: plan, prior: &prior, diags: &diag.Diagnostics{}}
	if failed := u.revoke(canceled, others); len(failed) != len(others) || u.diags.ErrorsCount() != 1 {
		t.Errorf("a canceled apply: %d are left, %v", len(failed), u.diags)
	}
}
