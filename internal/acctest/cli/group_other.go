//go:build !unix

package cli

import (
	"errors"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func interruptGroup(*exec.Cmd) error { return errors.ErrUnsupported }
