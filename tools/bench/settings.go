package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
)

// settings are what the environment and the flags ask for.
type settings struct {
	provider      string
	profiles      string
	readme        string
	sizes, scopes []int
	rounds        int
}

//go:embed usage.txt
var usageText string

// parse reads the settings. "make bench" passes the environment on.
func parse(args []string, getenv func(string) string) (s settings, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&s.provider, "provider", "",
		"`program` to measure, of another commit's internal/bench (default: built from the repository)")
	flags.StringVar(&s.readme, "compare", "", "only compare the provider with others, and replace the table in a `file`, such as README.md")
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
	if folder := getenv("PROFILES"); folder != "" {
		if s.profiles, err = filepath.Abs(folder); err != nil {
			return s, err
		}
	}
	var rounds []int
	s.sizes, s.scopes, rounds = []int{100, 1000, 10000}, []int{3, 60}, []int{3}
	if v := getenv("QUICK"); v != "" && v != "0" {
		s.sizes, rounds = []int{100, 1000}, []int{1}
	}
	for name, into := range map[string]*[]int{"SIZES": &s.sizes, "SCOPES": &s.scopes, "ROUNDS": &rounds} {
		if text := getenv(name); text != "" {
			if *into, err = numbers(text); err != nil {
				return s, fmt.Errorf("%s=%s: %w", name, text, err)
			}
		}
	}
	s.rounds = rounds[0]
	return s, nil
}

// numbers reads positive numbers separated by commas.
func numbers(text string) (all []int, err error) {
	if json.Unmarshal([]byte("["+text+"]"), &all) != nil || len(all) == 0 || slices.Min(all) < 1 {
		err = errors.New("it must be positive numbers, separated by commas")
	}
	return all, err
}
