package provider

import (
	"cmp"
	"strings"
)

// LogLevels gives the environment variables that hold this process's log to
// what Terraform will show. Left alone, the SDK writes every trace record to
// Terraform, which parses each and drops it: with thousands of resources that
// costs more than the provider's own work. What the user has set stays.
func LogLevels(getenv func(string) string) map[string]string {
	level := cmp.Or(getenv("TF_LOG_PROVIDER"), getenv("TF_LOG"), "off")
	switch strings.ToLower(level) {
	case "trace", "debug", "info", "warn", "error", "off":
	default: // Terraform takes any other word, JSON among them, for trace
		level = "trace"
	}
	levels := map[string]string{}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_CLARIFAI"} {
		if getenv(name) == "" {
			levels[name] = level
		}
	}
	return levels
}
