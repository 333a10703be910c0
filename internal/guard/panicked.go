package guard

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Panicked returns the error for a panic with the value v; the deferred function
// that recovers it calls this. Unrecovered, a panic ends the process: Terraform
// prints its value, which may hold a key, and nothing revokes the temporary keys
// that are open. A stack trace holds no text of strings, but is redacted all the
// same.
func Panicked(ctx context.Context, v any, redact func(string) string) error {
	tflog.Error(ctx, "the provider panicked", map[string]any{"stack": redact(string(debug.Stack()))})
	return fmt.Errorf("the provider panicked. This is a bug: please report it with the stack trace that TF_LOG=error shows. The panic: "+
		"%s", redact(fmt.Sprint(v)))
}

// diagnostics hold err for an answer that is a stream, which has no other place for it.
func diagnostics(err error) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: "The provider panicked", Detail: err.Error(),
	}}
}
