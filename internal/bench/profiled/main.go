// Command profiled serves the provider exactly as the shipped program does, and
// writes a profile of CPU time and one of allocations to the folder that
// BENCH_PROFILES names: cpu-PID.prof and heap-PID.prof.
package main

import (
	"errors"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	if err := run(os.Getenv("BENCH_PROFILES")); err != nil {
		log.Fatal(err)
	}
}

func run(folder string) error {
	suffix := strconv.Itoa(os.Getpid()) + ".prof"
	cpu, err := os.Create(filepath.Join(folder, "cpu-"+suffix)) //nolint:gosec // the folder is the developer's choice
	if err != nil {
		return err
	}
	heap, err := os.Create(filepath.Join(folder, "heap-"+suffix)) //nolint:gosec // likewise
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	err = provider.Serve("bench", false)
	pprof.StopCPUProfile()
	runtime.GC()
	return errors.Join(err, pprof.Lookup("allocs").WriteTo(heap, 0), cpu.Close(), heap.Close())
}
