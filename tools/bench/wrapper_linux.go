package main

import (
	"os/exec"
	"syscall"
)

// bindToParent makes the provider end when the CLI kills its wrapper.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
