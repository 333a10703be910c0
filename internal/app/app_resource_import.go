package app

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// parseImportID reads an import ID of the form user_id/app_id or app_id.
func parseImportID(id string) (target identityModel, ok bool) {
	user, app, both := strings.Cut(id, "/")
	if !both {
		user, app = "", id
	}
	if app == "" || both && user == "" || strings.Contains(app, "/") {
		return identityModel{}, false
	}
	return identityModel{UserID: base.StringOrNull(user), ID: types.StringValue(app)}, true
}
