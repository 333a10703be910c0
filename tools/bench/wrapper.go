package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The CLI finds links to this program in place of the providers. Started under
// such a name, the program runs the real provider as its child, on its own
// standard streams, and records what the kernel reports of the child afterwards.
// Polling could miss the peak. The traffic does not pass through this process:
// the child opens the socket itself.
const (
	providerPrefix = "terraform-provider-"
	childName      = "child" // beside the link
	recordsEnv     = "BENCH_RECORDS"
)

// record is what one run of a provider process took.
type record struct {
	Peak int64         `json:"peak"` // bytes of resident memory
	CPU  time.Duration `json:"cpu"`
}

// isWrapper reports whether the program was started under the name of a provider.
func isWrapper(arg0 string) bool {
	return strings.HasPrefix(filepath.Base(arg0), providerPrefix)
}

// wrap runs the provider and returns its exit code.
func wrap(args []string) int {
	// The child dies with the thread that started it: see bindToParent.
	runtime.LockOSThread()
	// An interrupt of the process group is for the CLI, which decides when to stop.
	signal.Ignore(os.Interrupt)

	cmd := exec.Command(filepath.Join(filepath.Dir(args[0]), childName), args[1:]...) //nolint:noctx // as long-lived as this process
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	bindToParent(cmd)
	if err := cmd.Run(); cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	r := record{peak(cmd.ProcessState), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if err := r.append(os.Getenv(recordsEnv)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// append adds the record to a file.
func (r record) append(path string) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	// One write, because several providers may end at once.
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// readRecords reads and removes the records of one command.
func readRecords(path string) ([]record, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	records, err := parseRecords(content)
	return records, errors.Join(err, os.Remove(path))
}

func parseRecords(content []byte) ([]record, error) {
	var records []record
	for line := range strings.Lines(string(content)) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("a record of a provider process: %w", err)
		}
		records = append(records, r)
	}
	return records, nil
}
