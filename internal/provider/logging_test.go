package provider_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func TestLogLevels(t *testing.T) {
	t.Parallel()
	all := func(level string) map[string]string {
		return map[string]string{"TF_LOG_SDK": level, "TF_LOG_SDK_PROTO": level, "TF_LOG_SDK_FRAMEWORK": level, "TF_LOG_PROVIDER_CLARIFAI": level}
	}
	for name, c := range map[string]struct{ env, want map[string]string }{
		"nothing asked for":      {nil, all("off")},
		"Terraform's core alone": {map[string]string{"TF_LOG_CORE": "trace"}, all("off")},
		"everything":             {map[string]string{"TF_LOG": "DEBUG"}, all("DEBUG")},
		"providers":              {map[string]string{"TF_LOG": "error", "TF_LOG_PROVIDER": "info"}, all("info")},
		"JSON means trace":       {map[string]string{"TF_LOG": "JSON"}, all("trace")},
		"the user's own": {
			map[string]string{"TF_LOG_SDK": "warn", "TF_LOG_SDK_PROTO": "warn", "TF_LOG_SDK_FRAMEWORK": "warn"},
			map[string]string{"TF_LOG_PROVIDER_CLARIFAI": "off"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Equal(t, provider.LogLevels(func(k string) string { return c.env[k] }), c.want, "LogLevels")
		})
	}
}
