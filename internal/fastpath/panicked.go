package fastpath

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// panicked makes an error of a panic. Left alone, a panic ends the process, and
// Terraform prints its value as it is, which may hold a key; and nothing would
// revoke the temporary keys that are open. The trace of the stack holds no
// values of strings, but is redacted all the same.
func panicked(ctx context.Context, v any, redact func(string) string) error {
	tflog.Error(ctx, "the provider panicked", map[string]any{"stack": redact(string(debug.Stack()))})
	return fmt.Errorf("the provider panicked, which is a mistake in it; please report it, with the trace that TF_LOG=error shows: %s", redact(fmt.Sprint(v)))
}
