// Command licenses lists the licence of every module that is compiled into the
// given packages. It fails if the project cannot ship with one of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, packages []string, out io.Writer) error {
	const format = `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}`
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-deps", "-f", format}, packages...)...)
	cmd.Stderr = os.Stderr
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("listing dependencies: %w", err)
	}
	modules := strings.Split(strings.TrimSpace(string(list)), "\n")
	slices.Sort(modules)

	var refused []string
	for _, line := range slices.Compact(modules) {
		fields := strings.SplitN(line, " ", 3)
		if len(fields) != 3 {
			continue
		}
		name, err := licenseOf(fields[2])
		if err != nil {
			name = err.Error()
			refused = append(refused, fields[0])
		}
		fmt.Fprintf(out, "%-13s %s %s\n", name, fields[0], fields[1])
	}
	if len(refused) > 0 {
		return fmt.Errorf("the licence is unknown or does not allow shipping: %s", strings.Join(refused, ", "))
	}
	return nil
}

var errUnknown = errors.New("UNKNOWN")

// licenseOf returns the licence of the module in a folder. The first file with a
// known licence decides: another beside it, such as a notice, restricts nothing.
func licenseOf(dir string) (string, error) {
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			if name, ok := classify(string(text)); ok {
				return name, nil
			}
		}
	}
	return "", errUnknown
}

// classify recognizes the licences that may be part of a binary under the MPL-2.0,
// by sentences that only they have. A person has to judge any other.
func classify(text string) (string, bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	has := func(phrase string) bool { return strings.Contains(text, phrase) }

	switch {
	case has("gnu ") && has("general public license") && !has("mozilla public license"):
		return "", false
	case has("mozilla public license, version 2.0") || has("mozilla public license version 2.0"):
		return "MPL-2.0", true
	case has("apache license") && has("version 2.0, january 2004"):
		return "Apache-2.0", true
	case has("permission is hereby granted, free of charge, to any person obtaining a copy"):
		return "MIT", true
	case has("permission to use, copy, modify, and/or distribute this software for any purpose"),
		has("permission to use, copy, modify, and distribute this software for any purpose"):
		return "ISC", true
	case has("redistribution and use in source and binary forms") && has("neither the name"):
		return "BSD-3-Clause", true
	case has("redistribution and use in source and binary forms"):
		return "BSD-2-Clause", true
	}
	return "", false
}
