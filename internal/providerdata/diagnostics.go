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

// AddError adds an error with the summary "Cannot <action>", such as "Cannot
// create app key". The detail names the object, says what Clarifai answered and
// what to do next, to which hints may add.
func AddError(diags *diag.Diagnostics, action, object string, err error, hints ...string) {
	diags.AddError("Cannot "+action, detail(sentence(object+": "+err.Error()), err, hints...))
}

// detail appends the hints and the advice for an error to what happened.
func detail(happened string, err error, hints ...string) string {
	parts := []string{happened}
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
	return capitalized(strings.TrimSuffix(s, ".")) + "."
}

func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// advice returns the next step to take after an error, or "".
func advice(err error) string {
	var (
		unverified *inventory.UnverifiedAccountError
		owner      *inventory.OwnerError
		ambiguous  *inventory.AmbiguousError
		lost       *inventory.LostError
		api        *clarifai.Error
	)
	newID, moved := clarifai.IsMoved(err)
	switch {
	case errors.Is(err, context.Canceled):
		return "The run was cancelled. A create request that had been sent was completed, and its result is in the state; the next plan shows what else was done. It is safe to apply again."
	case errors.As(err, &unverified):
		return "Nothing was removed from the state. " + accountAdvice(unverified.Err)
	case errors.As(err, &owner):
		return "Clarifai used the owner of the PAT instead of user_id. Use a PAT that belongs to that user or organization."
	case errors.As(err, &ambiguous):
		return "Compare these keys in Clarifai (a fingerprint is the first 16 hex digits of the SHA-256 of the key): import the key that belongs to " +
			"this resource by its ID, user_id/app_id/fingerprint, and delete the others. Applying again creates another key."
	case errors.As(err, &lost):
		return "Before you apply again, check in Clarifai whether it exists: if it does, import it or delete it."
	case errors.Is(err, inventory.ErrGone):
		return "It was deleted after the plan was created. Run a new plan, which recreates it."
	case moved:
		return movedAdvice(newID)
	case errors.Is(err, inventory.ErrNoCounts):
		return "Give the PAT the scopes Datasets:Get and Pipelines:Get, or set force_destroy = true and apply it, to delete the app whatever it holds."
	case clarifai.IsInsufficientScopes(err):
		return capitalized(pat(err)) + " lacks a scope. This provider needs " + strings.Join(RequiredScopes(), ", ") + ". Create a PAT with these scopes (or All) in Clarifai's settings under Security."
	case clarifai.IsUnauthorized(err):
		return refusedPATAdvice(err)
	case clarifai.IsNotFound(err):
		return "Clarifai gives this answer for what does not exist and also for an account that the PAT cannot access: check user_id (or CLARIFAI_USER_ID) and the IDs."
	case errors.As(err, &api):
		return apiAdvice(api)
	}
	return ""
}

// accountAdvice returns the next step where an account could not be verified.
func accountAdvice(err error) string {
	switch {
	case clarifai.IsInsufficientScopes(err):
		return "Only the account itself can confirm that something is gone: allow " + pat(err) + " to call /clarifai.api.V2/MyScopesUser, or do not limit the PAT by endpoints."
	case clarifai.IsNotFound(err), clarifai.IsUnauthorized(err):
		return "Check that user_id (or CLARIFAI_USER_ID) is the owner of these apps and keys, and that " +
			pat(err) + " belongs to that account and is still valid."
	}
	return "It is safe to plan or apply again." // the network or a server failed
}

// pat names the PAT that an error is about, with where it came from.
func pat(err error) string {
	if e := clarifai.AsError(err); e != nil {
		return patOf(e.PATSource)
	}
	return "the PAT"
}

func patOf(source string) string {
	if source == "" {
		return "the PAT"
	}
	return "the PAT from " + source
}

// refusedPATAdvice returns the next step after Clarifai rejected the PAT itself.
func refusedPATAdvice(err error) string {
	code := "HTTP status 401"
	if e := clarifai.AsError(err); e != nil && e.Code != 0 {
		code = fmt.Sprintf("code %d", e.Code)
	}
	return "Clarifai does not accept " + pat(err) + " (" + code + "). It must be a personal access token " +
		"that exists and has not expired; an app-specific key cannot manage apps or keys."
}

func movedAdvice(newID string) string {
	if newID == "" {
		return "The app was renamed, and Clarifai does not report its new ID: find it in Clarifai, and use it."
	}
	return fmt.Sprintf("The app was renamed to %q. Use that ID, or rename the app back.", newID)
}

func apiAdvice(e *clarifai.Error) string {
	const again = "It is safe to apply again: completed changes are in the state, and the remaining ones are applied then."
	switch {
	case e.Attempts > 1 && e.RequestID != "":
		return again + " If the problem persists, quote the request ID to Clarifai support."
	case e.Attempts > 1, e.RetryAfter > 0:
		return again
	case e.Code >= 22102 && e.Code <= 22107: // WORKFLOW_*
		return "This concerns default_workflow: its id, user_id and app_id must name a workflow that the PAT can access."
	case e.Code == clarifai.CodeInvalidRequest && e.Method == "PostKeys":
		return "If this concerns scopes: the plan's warnings name unknown scopes and missing dependencies."
	case e.Code == clarifai.CodeAccountIssues:
		return "This concerns the account's plan or billing, not the configuration."
	case e.RequestID != "":
		return "If the answer is unclear, quote the request ID to Clarifai support."
	}
	return ""
}
