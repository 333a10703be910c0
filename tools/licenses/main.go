// Command licenses lists the license of every module that is compiled into the
// given packages. It fails if the project cannot ship with one of them.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
		module, rest, _ := strings.Cut(line, " ")
		version, dir, ok := strings.Cut(rest, " ")
		if !ok { // a package of the project or of Go
			continue
		}
		name := licenseOf(dir)
		if name == "" {
			refused = append(refused, module)
		}
		fmt.Fprintf(out, "%-13s %s %s\n", cmp.Or(name, "UNKNOWN"), module, version)
	}
	if len(refused) > 0 {
		return fmt.Errorf("the license is unknown or does not allow shipping: %s", strings.Join(refused, ", "))
	}
	return nil
}

// licenseOf returns the license of the module in a folder, or "". The first file with a
// known license decides: another beside it, such as a notice, restricts nothing.
func licenseOf(dir string) string {
	for _, pattern := range []string{"LICEN[SC]E*", "COPYING*"} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern)) // without an error, for the pattern is well formed
		for _, file := range files {
			text, _ := os.ReadFile(file) // what cannot be read is unknown
			if name := classify(string(text)); name != "" {
				return name
			}
		}
	}
	return ""
}

// known are the licenses that may be part of a binary under the MPL-2.0, with words that
// only they have. A person has to judge any other. The MPL itself names the GNU licenses.
var known = []struct {
	name  string
	words *regexp.Regexp
}{
	{"MPL-2.0", regexp.MustCompile(`mozilla public license,? version 2\.0`)},
	{"", regexp.MustCompile(`gnu .*general public license`)},
	{"Apache-2.0", regexp.MustCompile(`apache license.*version 2\.0, january 2004`)},
	{"MIT", regexp.MustCompile(`permission is hereby granted, free of charge, to any person obtaining a copy`)},
	{"ISC", regexp.MustCompile(`permission to use, copy, modify, and(/or)? distribute this software for any purpose`)},
	{"BSD-3-Clause", regexp.MustCompile(`redistribution and use in source and binary forms.*neither the name`)},
	{"BSD-2-Clause", regexp.MustCompile(`redistribution and use in source and binary forms`)},
}

// classify returns the license that a text is, or "".
func classify(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, license := range known {
		if license.words.MatchString(text) {
			return license.name
		}
	}
	return ""
}
