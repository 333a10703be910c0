package base

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Log writes the client's debug records into Terraform's log.
type Log struct {
	PAT string // masked in every record, as a second line of defence
}

var _ clarifai.Logger = Log{}

// Debug writes one record. It sets the mask itself, because the context of a
// call is not the one that the provider was configured with.
func (l Log) Debug(ctx context.Context, msg string, fields map[string]any) {
	if l.PAT != "" {
		ctx = tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, l.PAT), l.PAT)
	}
	tflog.Debug(ctx, msg, fields)
}
