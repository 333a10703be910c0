package provider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider to Terraform until it closes the connection. The
// program does nothing else, so what the benchmark profiles is what is shipped, and
// what tests watch with options as well.
func Serve(version string, debug bool, tests ...Option) error {
	for name, level := range LogLevels(os.Getenv) {
		if err := os.Setenv(name, level); err != nil {
			return err
		}
	}
	SetGarbageCollection(os.Getenv)
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	p := New(version, tests...)
	server := func() tfprotov6.ProviderServer { return p.wrap(p.Server()) }
	if err := tf6server.Serve("registry.terraform.io/clarifai/clarifai", server, options...); err != nil {
		return err
	}
	if err := p.Close(context.Background()); err != nil {
		return fmt.Errorf("[ERROR] a temporary key could not be revoked: %w", err)
	}
	return nil
}

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

const (
	// gcPercent is how much the heap may grow over what is in use before garbage is
	// collected. A plan allocates much and keeps little.
	gcPercent = 400
	// memoryLimit is where garbage is collected earlier, so that a huge fleet does
	// not take five times the memory that it needs.
	memoryLimit = 512 << 20
)

// SetGarbageCollection trades memory for CPU time. GOGC and GOMEMLIMIT, if the user
// has set them, stay.
func SetGarbageCollection(getenv func(string) string) {
	if getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(gcPercent)
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
