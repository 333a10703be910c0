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
