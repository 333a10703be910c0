package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
)

// Counting is the framework's server, which counts what the fast path leaves to it.
type Counting struct {
	guard.Server
	Validations, reads, plans int
}

// ValidateResourceConfig counts and passes on.
func (c *Counting) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	c.Validations++
	return c.Server.ValidateResourceConfig(ctx, req)
}

// ReadResource counts and passes on.
func (c *Counting) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	c.reads++
	return c.Server.ReadResource(ctx, req)
}

// PlanResourceChange counts and passes on.
func (c *Counting) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	c.plans++
	return c.Server.PlanResourceChange(ctx, req)
}

// Check checks whether the fast path has answered reads, and plans.
func (c *Counting) Check(t testing.TB, read, plan bool) {
	t.Helper()
	if (c.reads == 0) != read || (c.plans == 0) != plan {
		t.Errorf("%d reads and %d plans are the framework's", c.reads, c.plans)
	}
}
