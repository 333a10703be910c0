package clarifai

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// fuzzKey may appear in no error, wherever the input has it.
const fuzzKey = "0123456789abcdef0123456789abcdef"

func FuzzStatusEnvelope(f *testing.F) {
	for _, seed := range []string{
		apitest.OK, apitest.NotFound, apitest.Throttled, apitest.HTMLPage, "", "null", "[]", `"`, apitest.OKStatus + `,"keys":[]}`, apitest.OKStatus + `,"keys":[{"id":"K","scopes":["All"],"apps":[{"id":"a"}]}]}`,
		`{"status":{"code":11009,"description":"API key not found","details":"invalid key(K)","req_id":"K"},"models":[]}`,
		`{"status":{"code":"K"}}`, `{"status":{"code":10050,"redirect_info":{"new_resource_id":"K"}}}`, `{"message":"K"}`,
		`{"status":{"code":10000},"keys":[{"created_at":"K"}]}`, `{"status":{"code":10000},"keys":{"K":"K"}}`, `{"status":K`, `{"status":{"K":`,
	} {
		for _, status := range []int{200, 307, 404, 502} {
			f.Add(status, "application/json", seed)
		}
	}
	c := mustNew(f, Config{PAT: fuzzKey})
	f.Fuzz(func(t *testing.T, status int, kind, body string) {
		body = strings.ReplaceAll(body, "K", fuzzKey)
		resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}, "Location": {"/apps/" + body}}}
		for _, out := range []answer{&keysAnswer{}, &appAnswer{}, &appsAnswer{}, &envelope{}} {
			e := &Error{Method: "ListKeys", HTTPStatus: status}
			good := c.check(e, call{path: []string{"users", "u", "apps", "a"}, out: out}, resp, []byte(body))
			if good && (status >= 300 || out.head().Status == nil || out.head().Status.Code != CodeSuccess) {
				t.Errorf("taken for a success")
			}
			if !good && e.Code == CodeSuccess {
				t.Errorf("a failure with the code of success")
			}
			if !good && strings.Contains(e.Error(), fuzzKey) {
				t.Errorf("the key is in the error of %q", body)
			}
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, seed := range []string{`"2025-02-28T09:41:55.568082659Z"`, `"1970-01-01T00:00:00Z"`, `""`, `null`, `"`, `"` + fuzzKey + `"`, `"9999-12-31T10:01:00-17:00"`, `"0000-01-01T00:00:00+01:00"`, `{}`, `1`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var at Time
		if err := at.UnmarshalJSON([]byte(in)); err != nil {
			if strings.Contains(err.Error(), fuzzKey) {
				t.Error(err)
			}
			return
		}
		if at.IsZero() {
			return
		}
		// What was decoded must encode to the same.
		out, err := json.Marshal(at)
		var again Time
		if err != nil || json.Unmarshal(out, &again) != nil || !again.Equal(at.Time) {
			t.Errorf("%s became %s, %v", in, out, err)
		}
		if _, offset := at.Zone(); offset != 0 || at.String() != at.UTC().Format(time.RFC3339Nano) {
			t.Errorf("%s is not in UTC", at)
		}
	})
}

func FuzzNumbersOrNames(f *testing.F) {
	for _, seed := range []string{`10000`, `"SUCCESS"`, `"10000"`, `"PUBLIC"`, `50`, `"` + fuzzKey + `"`, `null`, `"`, `""`, `{}`, `[1]`, `-1`, `1e4`, `99999999999999999999`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var code statusCode
		var g Gettable
		var n Count
		for _, v := range []json.Unmarshaler{&code, &g, &n} {
			if err := v.UnmarshalJSON([]byte(in)); err != nil && strings.Contains(err.Error(), fuzzKey) {
				t.Error(err)
			}
		}
		if code == CodeSuccess && !strings.Contains(in, "SUCCESS") && !strings.Contains(in, `\u`) && !strings.Contains(in, "10000") {
			t.Errorf("%q is a success", in)
		}
		var again Gettable
		out, err := json.Marshal(g)
		if err != nil || json.Unmarshal(out, &again) != nil || again != g {
			t.Errorf("%q: %v became %s, %v", in, g, out, err)
		}
	})
}
