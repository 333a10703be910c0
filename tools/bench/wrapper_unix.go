//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak returns the largest amount of memory that the process had resident, in
// bytes.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	kernel := int64(usage.Maxrss) //nolint:unconvert // 32 bits on some machines
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return kernel
	}
	return kernel * 1024
}
