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
