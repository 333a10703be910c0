package provider_test

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// TestSetGarbageCollection is not parallel: the settings are the process's.
func TestSetGarbageCollection(t *testing.T) {
	type settings struct {
		percent int
		limit   int64
	}
	use := func(s settings) settings {
		return settings{debug.SetGCPercent(s.percent), debug.SetMemoryLimit(s.limit)}
	}
	defaults := settings{100, math.MaxInt64}
	before := use(defaults)
	t.Cleanup(func() { use(before) })
	for name, c := range map[string]struct {
		env  map[string]string
		want settings
	}{
		"nothing set": {nil, settings{400, 512 << 20}},
		"GOGC":        {map[string]string{"GOGC": "100"}, defaults},
		"GOMEMLIMIT":  {map[string]string{"GOMEMLIMIT": "1GiB"}, settings{400, math.MaxInt64}},
		"both":        {map[string]string{"GOGC": "off", "GOMEMLIMIT": "1GiB"}, defaults},
	} {
		use(defaults)
		provider.SetGarbageCollection(func(k string) string { return c.env[k] })
		apitest.Equal(t, use(defaults), c.want, name)
	}
}

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
		apitest.Equal(t, provider.LogLevels(func(k string) string { return c.env[k] }), c.want, "LogLevels", name)
	}
}
