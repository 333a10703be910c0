package key

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// WarnShared warns about keys that give access to several apps. Where names what they
// were found in: an app, or an account.
func WarnShared(diags *diag.Diagnostics, inv *inventory.Inventory, where string, shared []clarifai.Key) {
	if len(shared) == 0 {
		return
	}
	var lines []string
	for _, k := range shared {
		var apps []string
		for _, app := range k.AlsoIn {
			apps = append(apps, app.String())
		}
		lines = append(lines, "  "+Name(inv, k)+", also for "+strings.Join(apps, ", "))
	}
	diags.AddWarning("App keys of "+where+" give access to several apps", "Each of these keys works in other apps, too:\n"+
		strings.Join(lines, "\n")+"\n\nTerraform revokes none of them, because whoever uses one for another app would be cut off. If nothing "+
		"needs such a key, delete it in Clarifai.")
}
