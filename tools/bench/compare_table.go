package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// yes returns yes or no, or a dash for what cannot be answered.
func yes(known, b bool) string {
	switch {
	case !known:
		return "–"
	case b:
		return "yes"
	}
	return "no"
}

// table returns the table as Markdown.
func table(heads []string, columns [][]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
	for i, label := range labels {
		b.WriteString("| " + label)
		for _, cells := range columns {
			b.WriteString(" | " + cells[i])
		}
		b.WriteString(" |\n")
	}
	return b.String()
}

// The comments around the table in the README.
const (
	begin = "<!-- make compare writes this table -->\n"
	end   = "<!-- end of the table -->\n"
)

// tableOf returns what is before the table of a text, the table, and what is after it.
func tableOf(text string) (before, table, after string, err error) {
	before, rest, ok := strings.Cut(text, begin)
	table, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		return "", "", "", errors.New("the text has no comments around a table of make compare")
	}
	return before, table, after, nil
}

// replaceTable replaces the table in a file.
func replaceTable(file, table string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, _, after, err := tableOf(string(content))
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(before+begin+table+end+after), 0o644) // #nosec G306 -- a public file
}

// restapiVersion returns the version of the generic provider that this module requires.
func restapiVersion(ctx context.Context, folder string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "-C", folder, "list", "-m", "-f", "{{.Version}}", restapiProvider).Output()
	return strings.TrimSpace(string(out)), err
}
