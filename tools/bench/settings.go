package main

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
)

// settings are what the environment and the flags ask for.
type settings struct {
	provider      string
	profiles      string
	compare       string
	sizes, scopes []int
	rounds        int
}

const usageText = `Usage: bench [flags]

Measures the provider against the emulator and prints the tables to stdout.
Run it in the repository's root; it builds what it needs.

Environment:
  SIZES=100,1000,10000  numbers of keys
  SCOPES=3,60           scopes of each key
  ROUNDS=3              plans of each kind; ratios are medians over rounds
  QUICK=1               a few minutes: 100 and 1000 keys, one round
  PROFILES=DIR          only write CPU and allocation profiles of the provider, by command

Flags:
`

// parse reads the settings. "make bench" passes the environment on.
func parse(args []string, getenv func(string) string) (settings, error) {
	s := settings{sizes: []int{100, 1000, 10000}, scopes: []int{3, 60}, rounds: 3}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&s.provider, "provider", "", "provider `program` to measure (default: built from the repository)")
	flags.StringVar(&s.compare, "compare", "", "only compare the provider with others, and replace the table in a `file`, such as README.md")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usageText)
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	s.profiles = getenv("PROFILES")
	if v := getenv("QUICK"); v != "" && v != "0" {
		s.rounds, s.sizes = 1, []int{100, 1000}
	}
	return s, s.readNumbers(getenv)
}

// readNumbers reads the settings that are numbers from the environment.
func (s *settings) readNumbers(getenv func(string) string) error {
	rounds := []int{s.rounds}
	for _, n := range []struct {
		name string
		into *[]int
	}{{"SIZES", &s.sizes}, {"SCOPES", &s.scopes}, {"ROUNDS", &rounds}} {
		text := getenv(n.name)
		if text == "" {
			continue
		}
		numbers, err := parseNumbers(text)
		if err != nil {
			return fmt.Errorf("%s=%s: %w", n.name, text, err)
		}
		*n.into = numbers
	}
	s.rounds = rounds[0]
	return nil
}

// parseNumbers reads positive numbers separated by commas or spaces.
func parseNumbers(text string) ([]int, error) {
	var out []int
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(field)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("%q is not a positive number", field)
		}
		out = append(out, n)
	}
	if len(out) == 0 {
		return nil, errors.New("there is no number")
	}
	return out, nil
}
