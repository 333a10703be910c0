package providerdata

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// NeededScopes are the scopes that the provider needs of a PAT.
const NeededScopes = "Apps:Get, Apps:Add, Apps:Delete, Keys:Get, Keys:Add, Keys:Delete, Workflows:Get, Workflows:Add, Models:Get"

// AddError adds what went wrong: what was being done to what, what Clarifai
// answered, and what to do next, which hints may add to.
func AddError(diags *diag.Diagnostics, doing, what string, err error, hints ...string) {
	diags.AddError("Error "+doing+" "+what, text(err, hints...))
}

func text(err error, hints ...string) string {
	parts := []string{sentence(err.Error())}
	for _, hint := range append(hints, advice(err)) {
		if hint != "" {
			parts = append(parts, hint)
		}
	}
	return strings.Join(parts, "\n\n")
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// advice is the next step for an error.
func advice(err error) string {
	var (
		untrusted *inventory.UnverifiedAccountError
		owner     *inventory.OwnerError
		ambiguous *inventory.AmbiguousError
		lost      *inventory.LostError
		api       *clarifai.Error
	)
	newID, moved := clarifai.IsMoved(err)
	switch {
	case errors.Is(err, context.Canceled):
		return "The run was cancelled. A creation that had been sent was finished and is in the state; what else was done the next plan finds out. It is safe to apply again."
	case errors.As(err, &untrusted) && !answered(untrusted.Err):
		return "Nothing was removed from the state. It is safe to plan or apply again."
	case errors.As(err, &untrusted) && clarifai.IsInsufficientScopes(untrusted.Err):
		return "Nothing was removed from the state. Whether what is missing there is gone, only the account can tell: let the PAT call " +
			"/clarifai.api.V2/MyScopesUser, or do not limit it by endpoints."
	case errors.As(err, &untrusted):
		return "Nothing was removed from the state. Check that user_id (or CLARIFAI_USER_ID) is the owner of these apps and keys, and that the PAT " +
			"(pat or CLARIFAI_PAT) belongs to that account and is still valid."
	case errors.As(err, &owner):
		return "Clarifai took the owner of the PAT instead of user_id. Use a PAT that is bound to that user or organization."
	case errors.As(err, &ambiguous):
		return "Look at these keys in Clarifai (their fingerprint is the first 16 hex digits of the SHA-256 of the key): import the one that is " +
			"this resource's with its id user_id/app_id/fingerprint, and delete the others. Applying again makes one more."
	case errors.As(err, &lost):
		return "Before you apply again, look in Clarifai whether it is there: import it if so, or delete it."
	case errors.Is(err, inventory.ErrGone):
		return "Somebody has deleted it since the plan was made. Plan again: it is made anew then."
	case moved:
		if newID == "" {
			return "The app was renamed, and Clarifai does not say to what: look there, and use the new id."
		}
		return fmt.Sprintf("The app was renamed: it is called %q now. Use that id, or rename the app back.", newID)
	case errors.Is(err, inventory.ErrNoCounts):
		return "Give the PAT the scopes Datasets:Get and Pipelines:Get, or set force_destroy = true (and apply) to delete the app whatever it holds."
	case clarifai.IsInsufficientScopes(err):
		return "The PAT lacks a scope. This provider needs " + NeededScopes + ": make a PAT with these (or All) in Clarifai's settings under Security."
	case clarifai.IsUnauthorized(err):
		return "Clarifai does not accept the credential. It must be a personal access token (pat, CLARIFAI_PAT or the Clarifai CLI's config file) " +
			"that exists and has not expired; an app-specific key can not manage apps or keys."
	case clarifai.IsNotFound(err):
		return "Clarifai gives this answer for what does not exist and also for an account that the PAT may not see: check user_id (or CLARIFAI_USER_ID) and the ids."
	case errors.As(err, &api):
		return apiAdvice(api)
	}
	return ""
}

// answered tells whether the account itself refused, and not the network or a
// server in trouble.
func answered(err error) bool {
	return clarifai.IsNotFound(err) || clarifai.IsUnauthorized(err) || clarifai.IsInsufficientScopes(err)
}

func apiAdvice(e *clarifai.Error) string {
	const again = "It is safe to apply again: what was done is in the state, what was not will be done then."
	switch {
	case e.Attempts > 1 && e.RequestID != "":
		return again + " Quote the request id to Clarifai's support if it stays so."
	case e.Attempts > 1, e.RetryAfter > 0:
		return again
	case e.Code >= 22102 && e.Code <= 22107: // WORKFLOW_*
		return "This is about default_workflow: its id, and the user_id and app_id it is in, have to name a workflow that the PAT may see."
	case e.Code == clarifai.CodeInvalidRequest && e.Method == "PostKeys":
		return "If this is about scopes: the plan's warnings name those that are unknown, and what a scope depends on."
	case e.Code == clarifai.CodeAccountIssues:
		return "This is about the account's plan or billing, not about the configuration."
	case e.RequestID != "":
		return "Quote the request id to Clarifai's support if the answer is not clear."
	}
	return ""
}
