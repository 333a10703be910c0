package advice

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// NewAppKey stands for a key without an ID in the keys of [AddLeftOut].
const NewAppKey = "a key that this plan creates"

// AddLeftOut says that a clarifai_app_keys_exclusive of an app leaves out keys that
// another resource manages. Without certain, it only may, or will once both exist.
func AddLeftOut(diags *diag.Diagnostics, app clarifai.AppRef, certain bool, keys ...string) {
	if len(keys) == 0 {
		return
	}
	known := ""
	if !certain {
		known = ", as far as it is known yet"
	}
	detail := "Terraform manages these keys of the app " + app.String() + ", and key_ids of its clarifai_app_keys_exclusive does not name " +
		"them" + known + ":\n  " + strings.Join(keys, "\n  ") + "\n\n" +
		"Each apply would revoke what the other resource keeps, or creates again" + otherwise(certain) + " " +
		"Add the IDs to key_ids by reference, such as clarifai_app_key.NAME.id or clarifai_rotating_app_key.NAME.key_ids, and remove " +
		"key_ids from ignore_changes if it is there. Or remove one of the resources: the plan may destroy such a key, and to destroy a " +
		"clarifai_app_keys_exclusive revokes nothing. To destroy everything: terraform destroy -refresh=false."
	if certain {
		diags.AddError("key_ids lacks keys that Terraform manages", detail)
	} else {
		diags.AddWarning("key_ids of "+app.String()+" may lack keys that Terraform manages", detail)
	}
}

// AddTwoSets says that two clarifai_app_keys_exclusive are for one app. Without certain,
// one of them is only being created.
func AddTwoSets(diags *diag.Diagnostics, app clarifai.AppRef, certain bool) {
	detail := "Two clarifai_app_keys_exclusive are for the app " + app.String() + ". Each revokes the keys that only the other one has" +
		otherwise(certain) + " Put all IDs into key_ids of one of them, and remove the other one, which revokes nothing. To destroy " +
		"everything: terraform destroy -refresh=false."
	if certain {
		diags.AddError("Two sets of exclusive keys for one app", detail)
	} else {
		diags.AddWarning("Two sets of exclusive keys for "+app.String(), detail)
	}
}

// otherwise ends a sentence about what is certain, or else an error of the plan that finds it.
func otherwise(certain bool) string {
	if certain {
		return "."
	}
	return ", so a plan that finds both is an error."
}
