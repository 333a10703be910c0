package advice

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestAddError reads what is said about errors of each kind.
func TestAddError(t *testing.T) {
	t.Parallel()
	notFound := &inventory.UnverifiedAccountError{UserID: "nobody", Err: clarifai.NotFound("MyScopesUser", "Resource does not exist")}
	elsewhere := &clarifai.Error{Code: clarifai.CodeDoesNotExist, UserSetting: "THE SETTING"}
	timeout := func(method string) error {
		return &clarifai.Error{Method: method, Attempts: 1, Cause: "no answer in time (request_timeout is 30s)"}
	}
	throttled := &clarifai.Error{Method: "GetApp", HTTPStatus: http.StatusTooManyRequests, Code: clarifai.CodeThrottled, Attempts: 40, Elapsed: 5 * time.Minute}
	anHour := &clarifai.Error{Method: "GetApp", HTTPStatus: http.StatusTooManyRequests, Code: clarifai.CodeThrottled, Attempts: 1, RetryAfter: time.Hour}
	date := clarifai.Time{Time: time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)}
	for _, tt := range []struct {
		action string
		err    error
		want   string
		absent string
	}{
		{"read app", notFound, `^This PAT has no access to the account "nobody". Check user_id.\n.*11101.*Nothing was removed`, "proves nothing"},
		{"read app", timeout("GetApp"), `Nothing was changed\.$`, "in the state"},
		{"update app", timeout("PatchApp"), `It may have been carried out; the next plan shows it\.`, "completed changes"},
		{"delete app", timeout("DeleteApp"), `It may still be carried out.* wait a minute`, "safe to apply"},
		{"revoke temporary app key", timeout("DeleteKey"), `It may have been carried out, which no plan shows\.$`, "apply again"},
		{"delete app key", timeout("ListAppKeys"), `safe to apply again`, "may have been carried out"},
		{"delete old app key", timeout("DeleteKey"), `It may have been carried out, which no plan shows\.$`, "apply again"},
		{"delete old app key", &inventory.LaggingError{To: "new"}, `may still be valid\.$`, "plan again"},
		{"delete old app key", timeout("ListAppKeys"), `may still be valid\.$`, "apply again"},
		{"delete old app key", &inventory.UnverifiedAccountError{UserID: "acme", Err: timeout("ListApps")}, `proves nothing`, "removed from the state"},
		{"create app key", timeout("PostKeys"), `safe to apply again`, "may have been carried out"},
		{"update app", &clarifai.Error{Method: "GetApp", Attempts: 2}, `safe to apply again`, "Nothing was changed"},
		{"read app", throttled, `after 5m0s of waiting.*other runs.*requests_per_second.*-parallelism.*Nothing was changed`, ""},
		{"read app", anHour, `asks to wait longer than the five minutes that a run waits`, "of waiting"},
		{"read app", fmt.Errorf("%w: %w", throttled, context.Canceled), `The run was canceled`, "of waiting"},
		{"create app", &clarifai.Error{Method: "PostApps", Code: clarifai.CodeMoved}, `Choose another ID`, "Use that ID"},
		{"update app", &clarifai.Error{Method: "PatchApps", Code: clarifai.CodeMoved}, `The app was renamed`, "Choose another ID"},
		{"delete app", &clarifai.Error{Method: "DeleteApp", Code: clarifai.CodeMoved, MovedTo: "new"}, `renamed to "new"..*rename it back, or restore its block with id = "new"`, "Use that ID"},
		{"check app", &clarifai.Error{Method: "GetResourceCounts", Code: clarifai.CodeMoved}, `find it in Clarifai. To destroy it, rename it back`, "and use it"},
		{"read app key", &inventory.LaggingError{Key: clarifai.KeyRef{UserID: "acme", AppID: "old", Fingerprint: "f1"}, To: "new"}, `renamed to new, .*puts its new ID into the state`, "deleted or"},
		{"read app key", &inventory.LaggingError{Key: clarifai.KeyRef{UserID: "acme", AppID: "old", Fingerprint: "f1"}, To: "old"}, `deleted or has another ID, .*so was the key f1: run terraform state rm`, "its new ID"},
		{"list apps", notFound, `Check that user_id`, "removed from the state"},
		{"list apps", &inventory.UnverifiedAccountError{UserID: "nobody", Err: elsewhere}, `Check that THE SETTING is the owner`, ""},
		{"read app", elsewhere, `check THE SETTING and the IDs`, ""},
		{"update app", inventory.ErrGone, `Deleted since the plan. Run plan again to recreate it\.$`, "user_id"},
		{"create app key", &inventory.UndatedError{Asked: date}, `without the date 2031.*revoked again\.\n.*remove expires_at`, "delete"},
		{"create app key", &inventory.UndatedError{Asked: date, Got: clarifai.Time{Time: date.AddDate(-1, 0, 0)}}, `the date 2030.* instead of 2031.*an earlier one`, "remove"},
		{"create app key", &inventory.UndatedError{Asked: date, Left: throttled}, `it is still valid: .*delete it in Clarifai`, "revoked again."},
		{"create app key", &inventory.UndatedError{Asked: date, Surplus: []string{"f1", "f2"}}, `fingerprints f1, f2\..*Delete the keys`, ""},
		{"create app key", &inventory.AmbiguousError{AppID: "shop", Fingerprints: []string{"f1", "f2"}}, `\(fingerprints f1, f2\).*cannot be determined.*Import the one that nobody uses`, ""},
		{"create app key", &inventory.PastDateError{Date: date.Time, Now: date.Time}, `has passed.*a later date`, ""},
	} {
		var diags diag.Diagnostics
		AddError(&diags, tt.action, "app acme/shop", tt.err)
		got := diags[0].Detail()
		if !regexp.MustCompile("(?is)" + tt.want).MatchString(got) {
			t.Errorf("%s, %v: %s", tt.action, tt.err, got)
		}
		if tt.absent != "" && strings.Contains(got, tt.absent) {
			t.Errorf("%s, %v: it says %q: %s", tt.action, tt.err, tt.absent, got)
		}
	}
}

// TestAddError_outage reports an API that cannot be reached, or does not accept the PAT:
// one error says why, and the others refer to it, unless they have more to say.
func TestAddError_outage(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	failing := func(url string) func() error {
		c, err := clarifai.New(clarifai.Config{BaseURL: url, PAT: "a-pat-for-tests", RequestsPerSecond: 10000, RetryBase: time.Millisecond})
		apitest.Must(t, err)
		return func() error {
			_, err := c.GetApp(t.Context(), "acme", "shop")
			return err
		}
	}
	fail := failing(server.URL)
	first := fail()
	report := func(action string, err error, hints ...string) string {
		var diags diag.Diagnostics
		AddError(&diags, action, "app acme/shop", err, hints...)
		return diags[0].Detail()
	}
	full := report("read app", first)
	apitest.Says(t, full, "cannot connect to", "check that the emulator is running, and api_base", "Nothing was changed.")
	for _, err := range []error{fail(), fmt.Errorf("shared: %w", first)} {
		apitest.Equal(t, report("read app", err), "App acme/shop: Clarifai does not answer. Another error of this run says why.", "report")
	}
	lost := &inventory.LostError{Sent: clarifai.AsError(fail()), Look: errors.New("no answer")}
	apitest.Says(t, report("create app key", lost), "check in Clarifai whether it exists")

	fail = failing(apitest.Serve(t, apitest.Reply(http.StatusUnauthorized, `{"status":{"code":11009}}`)))
	apitest.Says(t, report("update app", fail()), "Create one in Clarifai's portal")
	apitest.Equal(t, report("update app", fail(), "It is as it was."),
		"App acme/shop: Clarifai does not accept the PAT. Another error of this run says why.\n\nIt is as it was.", "report")

	fail = failing(apitest.Serve(t, apitest.Reply(http.StatusInternalServerError, `{"status":{"code":98004,"description":"broken"}}`)))
	first = fail()
	for range 2 { // of another call, an answer may differ
		apitest.Says(t, report("read app", first), "broken")
		apitest.Equal(t, report("read app", first), "App acme/shop: Clarifai does not serve the request. Another error of this run says why.", "report")
		first = fail()
	}

	fail = failing(apitest.Serve(t, apitest.Reply(http.StatusTooManyRequests, apitest.Throttled, "Retry-After", "3600")))
	apitest.Says(t, report("create app", fail()), "lower requests_per_second")
	apitest.Equal(t, report("create app", fail()), "App acme/shop: Clarifai does not take more requests. Another error of this run says why.", "report")
}
