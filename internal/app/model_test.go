package app

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestSameJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":2}`, ` {"b": 2.0, "a": 1e0} `, true},
		{`{"n":12345678901234567890}`, `{"n":12345678901234567168}`, true}, // the API holds doubles
		{`{"n":1}`, `{"n":1.0000001}`, false},
		{``, `{}`, true}, {`null`, ``, true}, {`{ }`, `{}`, true},
		{`{"a":null}`, `{}`, false},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		{`{"a":"<"}`, `{"a":"\u003c"}`, true},
	} {
		apitest.Equal(t, sameJSON([]byte(c.a), []byte(c.b)), c.same, "same", c.a, c.b)
	}
}

// A state without the time gets it from a later answer, and keeps it then.
func TestCreatedAtIsFilled(t *testing.T) {
	t.Parallel()
	app := clarifai.App{ID: "shop", UserID: "acme", CreatedAt: clarifai.Time{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}
	for _, prior := range []types.String{types.StringNull(), types.StringValue("")} {
		apitest.Equal(t, appFromAPI(app, "acme", appModel{CreatedAt: prior}).CreatedAt.ValueString(), "2026-01-02T03:04:05Z", prior)
	}
}
