//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// Interrupt does what a terminal does on Ctrl-C: the CLI gets the signal, and
// the provider that it started as well.
func (p *Process) Interrupt() {
	p.t.Helper()
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
		p.t.Error(err)
	}
}
