// Package advice words errors and warnings, each with what to do next.
package advice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// AddError adds an error with the summary "Cannot <action>", such as "Cannot
// create app key". The detail names the object, says what Clarifai answered and
// what to do next, to which hints may add.
func AddError(diags *diag.Diagnostics, action, object string, err error, hints ...string) {
	summary := "Cannot " + action
	unverified, isUnverified := errors.AsType[*inventory.UnverifiedAccountError](err)
	switch {
	case isRepeatedOutage(err):
		e, what := clarifai.AsError(err), "answer"
		switch {
		case clarifai.IsUnauthorized(e):
			what = "accept " + patOf(e.PATSource)
		case clarifai.IsThrottled(e):
			what = "take more requests"
		case e.Code != 0:
			what = "serve the request"
		}
		text := Sentence(object+": Clarifai does not "+what) + " Another error of this run says why."
		if clarifai.IsOutcomeUnknown(e) && !changesNothing(action) {
			text += " " + outcomeAdvice(action, e)
		}
		diags.AddError(summary, join(text, hints...))
	case isUnverified && clarifai.IsNotFound(unverified.Err):
		diags.AddError(summary, fmt.Sprintf("This PAT has no access to the account %q. Check user_id.\n\n%s",
			unverified.UserID, detail(Sentence(object+": "+unverified.Err.Error()), action, err, hints...)))
	default:
		diags.AddError(summary, detail(Sentence(object+": "+err.Error()), action, err, hints...))
	}
}

// isRepeatedOutage reports whether an earlier error has said already that the API
// cannot be reached, does not accept the PAT, or refuses requests because of the rate
// limit, or was about the same call. An error that says what may have been created is never
// shortened.
func isRepeatedOutage(err error) bool {
	_, lost := errors.AsType[*inventory.LostError](err)
	_, ambiguous := errors.AsType[*inventory.AmbiguousError](err)
	return !lost && !ambiguous && clarifai.ReportOutage(err)
}

// Detail returns an error with the hints and the advice for it, for a diagnostic that
// has a summary of its own. Action is that of AddError.
func Detail(action string, err error, hints ...string) string {
	return detail(Sentence(err.Error()), action, err, hints...)
}

// detail appends the hints and the advice for an error to what happened.
func detail(happened, action string, err error, hints ...string) string {
	return join(happened, append(hints, advice(action, err))...)
}

func join(happened string, hints ...string) string {
	parts := []string{happened}
	for _, hint := range hints {
		if hint != "" {
			parts = append(parts, hint)
		}
	}
	return strings.Join(parts, "\n\n")
}

// Sentence returns a text that begins with a capital letter and ends with a period.
func Sentence(s string) string {
	if s == "" {
		return s
	}
	return capitalized(strings.TrimSuffix(s, ".")) + "."
}

// changesNothing reports whether an action of AddError only reads.
func changesNothing(action string) bool {
	verb, _, _ := strings.Cut(action, " ")
	return slices.Contains([]string{"read", "list", "find", "check", "import"}, verb)
}

func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// advice returns the next step to take after an error, or "".
func advice(action string, err error) string {
	var (
		unverified *inventory.UnverifiedAccountError
		owner      *inventory.OwnerError
		ambiguous  *inventory.AmbiguousError
		lost       *inventory.LostError
		doubt      *inventory.ContradictionError
		missing    *inventory.CreatedMissingError
		lagging    *inventory.LaggingError
		shared     *inventory.SharedKeyError
		undated    *inventory.UndatedError
		past       *inventory.PastDateError
		api        *clarifai.Error
	)
	newID, moved := clarifai.IsMoved(err)
	switch {
	case errors.Is(err, context.Canceled):
		return "The run was canceled. A create request that had been sent was completed, and its result is in the state; the next plan " +
			"shows what else was done. It is safe to apply again."
	case errors.As(err, &unverified):
		return keptState(action) + accountAdvice(unverified.Err)
	case errors.As(err, &owner):
		return "Clarifai used the owner of the PAT instead of user_id. Use a PAT that belongs to that user or organization."
	case errors.As(err, &undated):
		return undatedAdvice(undated)
	case errors.As(err, &past):
		return "Set expires_at to a later date. Without expires_at, a new key does not expire, and an existing one keeps its date."
	case errors.As(err, &ambiguous):
		return "Look for these keys in Clarifai (a fingerprint is the first 16 hex digits of the SHA-256 of the key) and in your states, " +
			"whose key IDs end in fingerprints. Import the one that nobody uses and no state holds by its ID, user_id/app_id/fingerprint; " +
			"revoke only what you know to be unused. Applying again creates another key."
	case errors.As(err, &lost):
		return "Before you apply again, check in Clarifai whether it exists: if it does, import it or delete it."
	case slices.Contains(unheld, action) && (errors.As(err, &doubt) || errors.As(err, &lagging)):
		return maybeValid
	case errors.As(err, &doubt):
		return "Clarifai may be late to show a change. " + keptState(action) + "Try again in a minute."
	case errors.As(err, &shared):
		return "Terraform manages keys of one app only, because to revoke this one would cut off whoever uses it for another app. Delete it in " +
			"Clarifai once nothing needs it. If a state holds it, terraform state rm ADDRESS leaves it alone until then."
	case errors.As(err, &missing):
		return "Apply again."
	case errors.As(err, &lagging):
		return laggingAdvice(lagging)
	case errors.Is(err, inventory.ErrGone):
		return "Deleted since the plan. Run plan again to recreate it."
	case moved:
		return movedAdvice(clarifai.AsError(err).Method, newID)
	case errors.Is(err, inventory.ErrNoCounts):
		return "Give the PAT the scopes Datasets:Get and Pipelines:Get, or set force_destroy = true and apply it, to delete the app " +
			"whatever it holds."
	case clarifai.IsInsufficientScopes(err), clarifai.IsUnauthorized(err):
		e := clarifai.AsError(err)
		return refusal(e.Standing(), e)
	case clarifai.IsNotFound(err):
		return "Clarifai gives this answer for what does not exist and also for an account that the PAT cannot access: check " +
			userSetting(err) + " and the IDs."
	case errors.As(err, &api):
		return apiAdvice(action, api)
	}
	return ""
}

// throttledFor says for how long a request was refused because of the rate limit.
func throttledFor(e *clarifai.Error) string {
	text := "Clarifai refused requests because they come too fast"
	switch {
	case e.RetryAfter > clarifai.MaxThrottleWait:
		text += ", and asks to wait longer than the five minutes that a run waits"
	case e.Attempts > 1:
		text += ", and still did after " + e.Elapsed.Round(time.Second).String() + " of waiting"
	}
	return text + ". "
}

// laggingAdvice returns the next step where listings may lag behind a rename.
func laggingAdvice(e *inventory.LaggingError) string {
	if e.To == e.Key.AppID {
		return "Nothing was removed from the state: plan again in a minute. If this error stays, find out where the app is. If Terraform " +
			"manages it, terraform apply -refresh-only -target=APP, with the address of the app, warns if it was probably renamed, and says how " +
			"to keep it. If the app was deleted, so was the key " + e.Key.Fingerprint + ": run terraform state rm with the address of the key."
	}
	return "Nothing was removed from the state: plan again in a minute. If this error stays, the key " + e.Key.Fingerprint + " was deleted. " +
		"If Terraform manages the app, terraform apply -refresh-only -target=APP, with the address of the app, puts its new ID into the " +
		"state, and the plan after it creates the key again. Leave -refresh=false away: without a refresh, this error stays. " +
		"If not, run terraform state rm with the address of the key."
}

// keptState says that the state is as it was, where an action could have changed it.
func keptState(action string) string {
	if verb, _, _ := strings.Cut(action, " "); slices.Contains(unheld, action) || slices.Contains([]string{"list", "find", "import", "revoke"}, verb) {
		return ""
	}
	return "Nothing was removed from the state. "
}

// unheld are actions of AddError that revoke a key that no state holds, so that the next
// apply does not try again.
var unheld = []string{"revoke temporary app key", "delete old app key"}

const maybeValid = "The key may still be valid."

// undatedAdvice returns the next step where a key did not get its date.
func undatedAdvice(e *inventory.UndatedError) string {
	text := "Keys of this account may not expire by themselves: remove expires_at, and rotate the key instead."
	if !e.Got.IsZero() {
		text = "Clarifai may limit how long a key lives: set expires_at to the date that it gives, or to an earlier one."
	}
	if e.Left != nil {
		text = "Nothing uses the key: delete it in Clarifai. " + text
	}
	if len(e.Surplus) > 0 {
		text += " Delete the keys with these fingerprints in Clarifai as well, unless somebody else created them."
	}
	return text
}

// accountAdvice returns the next step where an account could not be verified.
func accountAdvice(err error) string {
	e := clarifai.AsError(err)
	switch {
	case clarifai.IsInsufficientScopes(err):
		return "Only the account itself can confirm that something is gone. " + refusal(e.Standing(), e)
	case clarifai.IsNotFound(err), clarifai.IsUnauthorized(err):
		return "Check that " + userSetting(err) + " is the owner of these apps and keys, and that " +
			pat(err) + " belongs to that account and is still valid." + belongs(e.Standing())
	}
	return "It is safe to plan or apply again." // the network or a server failed
}

// TwoAddresses returns the ways out for an object that one address destroys and
// another one has.
func TwoAddresses(resourceType, id string) string {
	return "If only its address has changed, such as by count or for_each, tell Terraform so:\n" +
		MovedBlock(resourceType) + "\nIf you import it to the new address, remove the import block and use moved, or " +
		"run terraform state rm " + resourceType + ".OLD first. If both are really meant, remove the old resource, " +
		"apply, and then add the new one. To destroy everything: terraform destroy -refresh=false. (" + id + ")"
}

// MovedBlock returns the block that tells Terraform of a new address, to be copied.
func MovedBlock(resourceType string) string {
	return "  moved {\n    from = " + resourceType + ".OLD\n    to   = " + resourceType + ".NEW\n  }"
}

// ReimportAdvice returns the commands with which a resource that the state knows
// under another ID is put back under Terraform's care.
func ReimportAdvice(id string) string {
	return "terraform state rm ADDRESS, and then terraform import ADDRESS " + id
}

func apiAdvice(action string, e *clarifai.Error) string {
	switch {
	case clarifai.IsThrottled(e):
		return throttledFor(e) +
			"Other runs and programs that use the same account share its limit: run fewer of them at once, " +
			"or lower requests_per_second in the provider block and Terraform's -parallelism. " + outcomeAdvice(action, e)
	case clarifai.IsTransient(e), e.Attempts > 1, e.RetryAfter > 0:
		text := outcomeAdvice(action, e)
		if e.RequestID != "" {
			text += " If the problem persists, quote the request ID to Clarifai support."
		}
		return text
	case clarifai.IsWorkflowRefused(e):
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

// outcomeAdvice returns what is known of the outcome of an action that failed
// although nothing is wrong with it.
func outcomeAdvice(action string, e *clarifai.Error) string {
	switch {
	case changesNothing(action):
		return "Nothing was changed."
	case clarifai.IsOutcomeUnknown(e) && e.Method == "DeleteApp":
		return "It may still be carried out, and would take a new app of the same ID: wait a minute, and plan again."
	case clarifai.IsOutcomeUnknown(e) && slices.Contains(unheld, action):
		return "It may have been carried out, which no plan shows."
	case slices.Contains(unheld, action):
		return maybeValid
	case clarifai.IsOutcomeUnknown(e) && !strings.HasPrefix(e.Method, "Post"): // what a POST may have created was looked for
		return "It may have been carried out; the next plan shows it. It is safe to apply again."
	}
	return "It is safe to apply again: completed changes are in the state, and the remaining ones are applied then."
}
