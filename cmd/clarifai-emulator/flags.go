package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// config is what the flags say.
type config struct {
	listen    string
	state     string
	readyFile string
	options   emulator.Options
}

var errHelp = flag.ErrHelp

const usage = `Usage: clarifai-emulator [flags]

Serves a stand-in for Clarifai's API for apps and app-specific keys, and prints
the environment that points the Terraform provider at it. Stop it with Ctrl-C.

Flags:
`

// parse reads the flags. It prints the help itself and returns errHelp then;
// every other error is for the caller to print.
func parse(args []string, stderr io.Writer) (config, error) {
	var cfg config
	var allowRemote bool
	flags := flag.NewFlagSet("clarifai-emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&cfg.listen, "listen", "127.0.0.1:8080", "`address` to listen on; port 0 takes a free one")
	flags.BoolVar(&allowRemote, "allow-remote", false, "listen on addresses that other machines reach: keys then travel in clear")
	flags.StringVar(&cfg.state, "state", "", "`file` that keeps apps and keys between runs, with their secrets in clear")
	flags.StringVar(&cfg.readyFile, "ready-file", "", "`file` to write the URL to once listening")
	flags.StringVar(&cfg.options.UserID, "user", "", "id of the account (default emulator-user, or the one in -state)")
	flags.StringVar(&cfg.options.PAT, "pat", "", "personal access `token` of the account, 32 hexadecimal digits (default random, or the one in -state)")
	flags.IntVar(&cfg.options.RequestsPerSecond, "rps", 0, "refuse more requests a second than this; 0 is no limit")
	flags.StringVar(&cfg.options.RetryAfter, "retry-after", "", "Retry-After of refused requests: seconds or date (default none)")
	flags.DurationVar(&cfg.options.Latency, "latency", 0, "time that every request takes, such as 50ms")
	flags.Func("switch", "`name=value` of a behaviour that Clarifai does not document; may be repeated", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("it must be name=value")
		}
		return cfg.options.Switches.Set(name, value)
	})
	err := flags.Parse(args)
	if errors.Is(err, errHelp) {
		fmt.Fprint(stderr, usage)
		flags.SetOutput(stderr)
		flags.PrintDefaults()
	}
	if err != nil {
		return cfg, err
	}
	if flags.NArg() > 0 {
		return cfg, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return cfg, cfg.check(allowRemote)
}

var (
	userPattern = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)
	patPattern  = regexp.MustCompile(`^([0-9a-fA-F]{32})?$`)
)

func (c *config) check(allowRemote bool) error {
	switch {
	case !patPattern.MatchString(c.options.PAT):
		return errors.New("-pat must be 32 hexadecimal digits") // without the value: it may be a real one
	case !userPattern.MatchString(c.options.UserID) || c.options.UserID == "me":
		return fmt.Errorf("-user %q must be letters, digits, hyphens and underscores, and not \"me\"", c.options.UserID)
	case c.options.RequestsPerSecond < 0:
		return errors.New("-rps must not be negative")
	case c.options.Latency < 0:
		return errors.New("-latency must not be negative")
	case c.options.RetryAfter != "" && c.options.RetryAfter != "seconds" && c.options.RetryAfter != "date":
		return fmt.Errorf("-retry-after %q must be seconds or date", c.options.RetryAfter)
	}
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return fmt.Errorf("-listen: %w", err)
	}
	if !allowRemote && !isLoopback(host) {
		return fmt.Errorf("-listen %s can be reached from other machines, and keys would travel in clear; "+
			"use 127.0.0.1, or add -allow-remote", c.listen)
	}
	return nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
