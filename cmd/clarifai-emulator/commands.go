package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// command is what the first argument can name: it changes or asks an emulator that
// is running.
type command struct {
	name, arguments, summary string
	// define adds flags and returns what carries the command out once they are set.
	define func(*flag.FlagSet) action
	more   string // what -h prints below the flags
}

// action carries out a command with the arguments that are no flags, and returns what to
// print.
type action func(ctx context.Context, e remote, args []string) (string, error)

var commands = []command{
	{"seed", "", "create many apps and keys", defineSeed, ""},
	{"faults", "", "make the next requests fail, or slow", defineFaults, "\nKinds of faults:\n" + emulator.FaultUsage},
	{"stats", "", "print what the emulator counted", defineStats, ""},
	{"reset", "", "set the counters to zero", defineReset, ""},
	{"switches", " [name=value ...]", "select behaviors that Clarifai does not document", defineSwitches,
		"\nSwitches, with the default first:\n" + emulator.SwitchUsage()},
}

// find returns the command that the arguments name, if any.
func find(args []string) (command, bool) {
	i := slices.IndexFunc(commands, func(c command) bool { return len(args) > 0 && c.name == args[0] })
	if i < 0 {
		return command{}, false
	}
	return commands[i], true
}

// usageError marks errors about arguments, whose exit code differs.
type usageError struct{ error }

// run carries out the command.
func (c command) run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	base := flags.String("url", "", "`URL` of the emulator (default CLARIFAI_API_BASE, or else "+defaultURL+")")
	do := c.define(flags)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "Usage: clarifai-emulator %s [flags]%s\n\nWith a running emulator: %s.\n\nFlags:\n", c.name, c.arguments, c.summary)
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		fmt.Fprint(stderr, c.more)
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	if c.arguments == "" && flags.NArg() > 0 {
		return usageError{fmt.Errorf("unexpected argument %q", flags.Arg(0))}
	}
	said, err := do(ctx, remote(cmp.Or(*base, os.Getenv("CLARIFAI_API_BASE"), defaultURL)), flags.Args())
	if err == nil {
		fmt.Fprintln(stdout, said)
	}
	return err
}

func defineSeed(flags *flag.FlagSet) action {
	var s emulator.Seed
	flags.IntVar(&s.Apps, "apps", 10, "`number` of apps: seed-00001, seed-00002 and so on; those that exist get more keys")
	flags.IntVar(&s.KeysPerApp, "keys", 2, "`number` of keys of each app")
	flags.IntVar(&s.Scopes, "scopes", 3, "`number` of scopes of each key")
	return func(ctx context.Context, e remote, _ []string) (string, error) {
		if _, err := e.call(ctx, http.MethodPost, "seed", s); err != nil {
			return "", err
		}
		now, err := e.stats(ctx)
		return fmt.Sprintf("The emulator holds %d apps and %d keys.", now.Apps, now.Keys), err
	}
}

func defineFaults(flags *flag.FlagSet) action {
	var f emulator.Fault
	drop := flags.Bool("clear", false, "remove the faults that no request has met, and add none")
	flags.StringVar(&f.Kind, "kind", "", "`kind` of fault, of those below")
	flags.StringVar(&f.Method, "method", "", "Clarifai's `name` of the method to affect, such as PostKeys (default any)")
	flags.StringVar(&f.Verb, "verb", "", "HTTP `method` to affect, such as GET (default any)")
	flags.IntVar(&f.Skip, "skip", 0, "`number` of matching requests to let pass first")
	flags.IntVar(&f.Times, "times", 1, "`number` of requests to affect; -1 means all")
	flags.IntVar(&f.HTTPStatus, "http-status", 0, "HTTP `status` of the answer (default derived from -code)")
	flags.IntVar(&f.Code, "code", 0, "Clarifai's status `code` of the answer, such as 11005 (default derived from -http-status)")
	flags.StringVar(&f.Details, "details", "", "`text` of status.details, or the Location of a redirect")
	flags.StringVar(&f.RetryAfter, "retry-after", "", "`value` of the Retry-After header")
	flags.DurationVar(&f.Latency, "latency", 0, "`duration` of the latency kinds, and before the work of those that end in then_work")
	return func(ctx context.Context, e remote, _ []string) (string, error) {
		if *drop {
			_, err := e.call(ctx, http.MethodDelete, "faults", nil)
			return "No fault is left.", err
		}
		if f.Kind == "" {
			return "", usageError{errors.New("-kind is missing; the kinds are " + strings.Join(emulator.FaultKinds(), ", "))}
		}
		requests := "The next request"
		switch {
		case f.Times < 0:
			requests = "Every request"
		case f.Times > 1:
			requests = fmt.Sprintf("The next %d requests", f.Times)
		}
		if f.Skip > 0 {
			requests += fmt.Sprintf(" after %d others", f.Skip)
		}
		_, err := e.call(ctx, http.MethodPost, "faults", emulator.FaultMessage{Fault: f, Latency: f.Latency.String()})
		return fmt.Sprintf("%s of %s: %s.", requests, cmp.Or(f.Method, "any method"), f.Kind), err
	}
}

func defineStats(flags *flag.FlagSet) action {
	asJSON := flags.Bool("json", false, "print JSON")
	return func(ctx context.Context, e remote, _ []string) (string, error) {
		s, err := e.stats(ctx)
		if *asJSON {
			content, failed := json.Marshal(s)
			return string(content), cmp.Or(err, failed)
		}
		var text strings.Builder
		fmt.Fprintf(&text, "%6d apps\n%6d keys\n%6d requests\n", s.Apps, s.Keys, s.Requests)
		for _, method := range slices.Sorted(maps.Keys(s.ByMethod)) {
			fmt.Fprintf(&text, "%10d %s\n", s.ByMethod[method], cmp.Or(method, "of unknown methods"))
		}
		fmt.Fprintf(&text, "%6d throttled\n%6d with a key in the URL, DELETE aside", s.Throttled, s.KeysInURL)
		return text.String(), err
	}
}

func defineReset(*flag.FlagSet) action {
	return func(ctx context.Context, e remote, _ []string) (string, error) {
		_, err := e.call(ctx, http.MethodPost, "reset", nil)
		return "The counters are zero.", err
	}
}

func defineSwitches(*flag.FlagSet) action {
	return func(ctx context.Context, e remote, args []string) (string, error) {
		values := map[string]string{}
		for _, arg := range args {
			if err := setSwitch(&emulator.Switches{}, arg); err != nil {
				return "", usageError{err}
			}
			name, value, _ := strings.Cut(arg, "=")
			values[name] = value
		}
		message := "All switches have their defaults."
		if len(args) > 0 {
			message = strings.Join(args, ", ") + "; the other switches have their defaults."
		}
		_, err := e.call(ctx, http.MethodPut, "switches", values)
		return message, err
	}
}

// setSwitch sets a switch from an argument of the form name=value.
func setSwitch(s *emulator.Switches, arg string) error {
	name, value, ok := strings.Cut(arg, "=")
	if !ok {
		return fmt.Errorf("%q must have the form name=value", arg)
	}
	return s.Set(name, value)
}
