// Package faults holds tests of runs while the emulator misbehaves.
package faults
