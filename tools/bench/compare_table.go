package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// rows are the lines of the table that compare writes.
var rows = []struct {
	label string
	value func(*column) string
}{
	{fmt.Sprintf("requests to create %d keys", comparedKeys), func(c *column) string { return fmt.Sprint(c.created.Requests) }},
	{"requests of a plan without changes", func(c *column) string { return fmt.Sprint(c.planned.Requests) }},
	{"of these, with a key in the URL", func(c *column) string { return fmt.Sprint(c.planned.KeysInURL) }},
	{"time of that plan", func(c *column) string { return seconds(c.plan.took) }},
	{"keys in its output", func(c *column) string { return fmt.Sprint(c.inOutput) }},
	{"keys in the log (`TF_LOG=TRACE`, `curl --verbose`)", func(c *column) string { return fmt.Sprint(c.inLog) }},
	{"the personal access token in that log", func(c *column) string { return yes(true, c.patInLog) }},
	{"a plan right after the apply shows changes", func(c *column) string { return yes(c.plan.compares, c.plan.changes) }},
	{"a plan shows a scope that was added outside", func(c *column) string { return yes(c.plan.compares, c.noticed) }},
	{fmt.Sprintf("%d new keys at a limit of %d requests a second", limitedKeys, limitedRate), func(c *column) string {
		if c.limitedFailed {
			return fmt.Sprintf("fails after %d", c.limitedKeys)
		}
		return fmt.Sprintf("created in %d s", c.limitedTook.Round(time.Second)/time.Second)
	}},
}

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
func table(heads []string, columns []*column) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
	for _, r := range rows {
		b.WriteString("| " + r.label)
		for _, c := range columns {
			b.WriteString(" | " + r.value(c))
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
