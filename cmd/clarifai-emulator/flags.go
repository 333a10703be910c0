package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// config holds the values of the flags.
type config struct {
	listen    string
	state     string
	readyFile string
	options   emulator.Options

	showVersion bool
}

// defaultURL is where the emulator is served unless -listen says otherwise.
const defaultURL = "http://" + defaultAddress

const defaultAddress = "127.0.0.1:8080"

// help is the help of the program, with a place for the commands. The flags follow.
//
//go:embed help.txt
var help string

// printUsage prints the help of the program.
func printUsage(stderr io.Writer, flags *flag.FlagSet) {
	var list strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&list, "  %-9s %s\n", c.name, c.summary)
	}
	fmt.Fprintf(stderr, help, &list)
	flags.SetOutput(stderr)
	flags.PrintDefaults()
}

// parse reads the flags. If they ask for help, it prints the help and returns
// flag.ErrHelp. The caller prints every other error.
func parse(args []string, stderr io.Writer) (config, error) {
	var cfg config
	var allowRemote bool
	flags := flag.NewFlagSet("clarifai-emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&cfg.listen, "listen", defaultAddress, "`address` to listen on; port 0 selects a free port")
	flags.BoolVar(&allowRemote, "allow-remote", false,
		"allow -listen on addresses that other machines can reach; keys then cross the network in clear text")
	flags.StringVar(&cfg.state, "state", "", "`file` that stores apps and keys between runs, including secrets in clear text")
	flags.StringVar(&cfg.readyFile, "ready-file", "", "`file` to write the URL to when the emulator is ready")
	flags.StringVar(&cfg.options.UserID, "user", "", "user `ID` of the account (default emulator-user, or the one in the state file)")
	flags.StringVar(&cfg.options.PAT, "pat", "",
		"personal access `token` of the account, 32 hexadecimal digits (default random, or the one in the state file)")
	flags.IntVar(&cfg.options.RequestsPerSecond, "rps", 0, "maximum `number` of requests per second; 0 means no limit")
	flags.StringVar(&cfg.options.RetryAfter, "retry-after", "",
		"`form` of the Retry-After header of throttled requests: seconds or date (default no header)")
	flags.DurationVar(&cfg.options.Latency, "latency", 0, "`duration` by which every request is delayed, such as 50ms")
	flags.Func("switch", "`name=value` that selects a behavior Clarifai does not document; repeatable", func(s string) error {
		return setSwitch(&cfg.options.Switches, s)
	})
	flags.BoolVar(&cfg.showVersion, "version", false, "print the version and stop")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		printUsage(stderr, flags)
	}
	if err != nil {
		return cfg, err
	}
	if flags.NArg() > 0 {
		return cfg, unexpected(flags.Arg(0))
	}
	return cfg, cfg.check(allowRemote)
}

// unexpected returns the error for an argument that is no flag.
func unexpected(argument string) error {
	if _, ok := find([]string{argument}); ok {
		return fmt.Errorf("the command %[1]q must come before the flags: clarifai-emulator %[1]s [flags]", argument)
	}
	return fmt.Errorf("unknown command %q; -h lists the commands", argument)
}

var (
	userPattern = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)
	patPattern  = regexp.MustCompile(`^([0-9a-fA-F]{32})?$`)
)

// check returns an error if a flag has an invalid value.
func (c *config) check(allowRemote bool) error {
	switch {
	case !patPattern.MatchString(c.options.PAT):
		return errors.New("-pat must have 32 hexadecimal digits") // do not print the value: it may be a real token
	case !userPattern.MatchString(c.options.UserID) || c.options.UserID == "me":
		return fmt.Errorf("-user %q must contain only letters, digits, hyphens and underscores, and must not be \"me\"", c.options.UserID)
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
	if !allowRemote && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("other machines can reach -listen %s, and keys would cross the network in clear text; "+
			"use 127.0.0.1, or add -allow-remote", c.listen)
	}
	return nil
}
