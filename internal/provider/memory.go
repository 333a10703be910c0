package provider

import "runtime/debug"

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
