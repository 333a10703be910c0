package advice

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// App is an app that a request was about.
type App struct {
	clarifai.AppRef
	Attribute string // which names the app in the configuration: "id" or "app_id"; "" in an import
}

// AddError is [AddError] for a request about the app. That there is no such app, as far
// as the account itself answers, is said as such, and where the app may have been renamed to.
func (a App) AddError(diags *diag.Diagnostics, action string, err error, hints ...string) {
	if !errors.Is(err, inventory.ErrGone) {
		AddError(diags, action, "app "+a.String(), err, hints...)
		return
	}
	summary, text := "Cannot "+action, join(a.missing(changesNothing(action)), hints...)
	if a.Attribute == "" {
		diags.AddError(summary, text)
		return
	}
	diags.AddAttributeError(path.Root(a.Attribute), summary, text)
}

// Missing says that there is no such app, and what to check.
func (a App) Missing() string { return a.missing(true) }

func (a App) missing(readOnly bool) string {
	text := fmt.Sprintf("%s has no app %q.", a.UserID, a.AppID)
	switch {
	case a.Attribute == "":
		return text
	case readOnly:
		return text + " Check " + a.Attribute + " and user_id."
	}
	return text + " If Terraform manages the app, it was deleted since the plan: run plan again to recreate it. Otherwise check " +
		a.Attribute + " and user_id."
}

// movedAdvice returns the next step where an app has another ID than a request says; newID is
// empty if Clarifai does not report it. What the configuration lacks, Terraform destroys by
// the ID in the state, without a refresh.
func movedAdvice(method, newID string) string {
	isDelete, isKnown := method == "DeleteApp" || method == "GetResourceCounts", newID != ""
	switch {
	case method == "PostApps" && isKnown:
		return fmt.Sprintf("An app that had this ID was renamed to %q: choose another ID, or import that app.", newID)
	case method == "PostApps":
		return "An app that had this ID was renamed: choose another ID, or find that app in Clarifai and import it."
	case isDelete && isKnown:
		return fmt.Sprintf("The app was renamed to %q. To destroy it, rename it back, or restore its block with id = %[1]q, apply, and then "+
			"remove the block again. Plan with a refresh. To keep it: terraform state rm with its address.", newID)
	case isDelete:
		return "The app was renamed, and Clarifai does not report its new ID: find it in Clarifai. To destroy it, rename it back, and plan " +
			"again. To keep it: terraform state rm with its address."
	case isKnown:
		return fmt.Sprintf("The app was renamed to %q. Use that ID, or rename the app back.", newID)
	}
	return "The app was renamed, and Clarifai does not report its new ID: find it in Clarifai, and use it."
}
