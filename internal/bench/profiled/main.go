// Command profiled serves the Clarifai provider as shipped and writes profiles of
// each run for the benchmark: cpu-PID.prof and heap-PID.prof in the folder that
// BENCH_PROFILES names. The shipped program has no such switch.
package main

import (
	"context"
	"errors"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() (err error) {
	folder := os.Getenv("BENCH_PROFILES")
	if folder == "" {
		return errors.New("BENCH_PROFILES names no folder")
	}
	suffix := strconv.Itoa(os.Getpid()) + ".prof"
	cpu, err := os.Create(filepath.Join(folder, "cpu-"+suffix)) //nolint:gosec // the folder is the developer's choice
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cpu.Close()) }()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	if err := providerserver.Serve(context.Background(), func() fwprovider.Provider { return provider.New("bench") },
		providerserver.ServeOpts{Address: "registry.terraform.io/clarifai/clarifai"}); err != nil {
		return err
	}
	return heap(filepath.Join(folder, "heap-"+suffix))
}

// heap writes the profile of allocations.
func heap(path string) error {
	f, err := os.Create(path) //nolint:gosec // likewise
	if err != nil {
		return err
	}
	runtime.GC()
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
