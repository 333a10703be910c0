package appkey

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// createKey creates a key exactly once, unless the app already holds the key of
// asked.Unless. It adds to diags what went wrong.
func createKey(ctx context.Context, inv *inventory.Inventory, asked inventory.NewKey, diags *diag.Diagnostics) (inventory.CreatedKey, error) {
	app := asked.UserID + "/" + asked.AppID
	created, err := inv.CreateKey(ctx, asked)
	if err != nil {
		providerdata.AddError(diags, "create app key", "app "+app, err)
		return inventory.CreatedKey{}, err
	}
	if created.Stayed {
		return created, nil
	}
	if len(created.Surplus) > 0 {
		diags.AddWarning("A duplicate app key may exist",
			"Answers from Clarifai were lost while the key "+created.ID()+" was created, and the app "+app+" has identical keys that were not there before: fingerprints "+
				strings.Join(created.Surplus, ", ")+". Nothing in this state uses them; delete them in Clarifai unless someone else created them.")
	}
	addLimitErrors(asked, created.Key, diags)
	return created, nil
}

// addLimitErrors adds an error for each limit of a new key that is not the one
// asked for. The state keeps the key, marked for replacement.
func addLimitErrors(asked inventory.NewKey, got clarifai.Key, diags *diag.Diagnostics) {
	add := func(attribute string, asked, given []string) {
		diags.AddAttributeError(path.Root(attribute), "Clarifai gave the app key different "+attribute, "The configuration asks for "+strings.Join(asked, ", ")+
			"; the new key "+got.ID()+" has "+strings.Join(given, ", ")+". The next apply replaces it: set "+attribute+" to what Clarifai gives, or to a different set.")
	}
	if len(asked.Scopes) > 0 && !scope.Equivalent(asked.Scopes, got.Scopes) {
		add("scopes", asked.Scopes, got.Scopes)
	}
	if len(asked.Endpoints) > 0 && len(got.Endpoints) > 0 && !scope.NewEndpoints(asked.Endpoints).Equal(scope.NewEndpoints(got.Endpoints)) {
		add("endpoints", asked.Endpoints, got.Endpoints)
	}
}
