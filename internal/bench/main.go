//go:build unix

// Command bench is what the benchmark measures: the provider, exactly as the shipped
// program serves it, or its twin. If BENCH_RECORDS names a folder, it notes there what it
// took when it ends; if BENCH_PROFILES does, it writes profiles there.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	serve := func() error { return provider.Serve("bench", false) }
	if strings.HasPrefix(filepath.Base(os.Args[0]), "terraform-provider-twin") {
		serve = serveTwin
	}
	if folder := os.Getenv("BENCH_PROFILES"); folder != "" {
		serve = profiled(folder, serve)
	}
	if err := errors.Join(serve(), record(os.Getenv("BENCH_RECORDS"))); err != nil {
		log.Fatal(err)
	}
}

// path returns that of a file of this process.
func path(folder, kind string) string {
	return filepath.Join(folder, fmt.Sprintf("%s-%d", kind, os.Getpid()))
}

// record notes what the process took.
func record(folder string) error {
	if folder == "" {
		return nil
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return err
	}
	content, err := json.Marshal(map[string]int64{"cpu": used.Utime.Nano() + used.Stime.Nano(), "peak": peak(used)})
	return errors.Join(err, os.WriteFile(path(folder, "record"), content, 0o600))
}

// peak returns the most memory that was resident, in bytes. On Linux, where the usage
// counts that of the CLI which started the process, the kernel has it elsewhere.
func peak(used syscall.Rusage) int64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, ok := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); ok && err == nil {
		return kilobytes * 1024
	}
	return int64(used.Maxrss) //nolint:unconvert // 32 bits on some machines
}

// profiled returns a function that profiles CPU time and allocations.
func profiled(folder string, serve func() error) func() error {
	return func() error {
		cpu, err := os.Create(path(folder, "cpu"))
		if err != nil {
			return err
		}
		heap, err := os.Create(path(folder, "heap"))
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return err
		}
		err = serve()
		pprof.StopCPUProfile()
		runtime.GC()
		return errors.Join(err, pprof.Lookup("allocs").WriteTo(heap, 0), cpu.Close(), heap.Close())
	}
}
