package app

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A state without the time gets it from a later answer, and keeps it then.
func TestCreatedAtIsFilled(t *testing.T) {
	t.Parallel()
	app := clarifai.App{ID: "shop", UserID: "acme", CreatedAt: clarifai.Time{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}
	for _, prior := range []types.String{types.StringNull(), types.StringValue("")} {
		apitest.Equal(t, appFromAPI(app, "acme", appModel{CreatedAt: prior}).CreatedAt.ValueString(), "2026-01-02T03:04:05Z", prior)
	}
}
