package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// subject is what was compared.
type subject struct {
	keys               int
	restapi, cli, curl string
}

// row is one line of the table.
type row struct {
	label string
	value func(*column) string
}

// rows are the lines of the table, for a number of keys.
func rows(keys int) []row {
	return []row{
		{fmt.Sprintf("requests to create %d keys", keys), func(c *column) string { return fmt.Sprint(c.created.Requests) }},
		{"requests of a plan without changes", func(c *column) string { return fmt.Sprint(c.planned.Requests) }},
		{"of these, with a key in the URL", func(c *column) string { return fmt.Sprint(c.planned.KeysInURL) }},
		{"time of that plan", func(c *column) string { return fmt.Sprintf("%.1f s", c.plan.took.Seconds()) }},
		{"keys in its output", func(c *column) string { return fmt.Sprint(c.inOutput) }},
		{"keys in the log (`TF_LOG=TRACE`, `curl --verbose`)", func(c *column) string { return fmt.Sprint(c.inLog) }},
		{"the personal access token in that log", func(c *column) string { return yes(c.patInLog) }},
		{"a plan right after the apply shows changes", func(c *column) string { return compared(c, c.plan.changes) }},
		{"a plan shows a scope that was added outside", func(c *column) string { return compared(c, c.noticed) }},
		{fmt.Sprintf("%d new keys at a limit of %d requests a second", limitedKeys, limitedRate), func(c *column) string {
			if c.limited.failed {
				return fmt.Sprintf("fails after %d", c.limited.keys)
			}
			return fmt.Sprintf("created in %d s", c.limited.took.Round(time.Second)/time.Second)
		}},
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// compared returns yes or no, or a dash for what compares nothing.
func compared(c *column, b bool) string {
	if !c.plan.compares {
		return "–"
	}
	return yes(b)
}

// table returns the table as Markdown.
func table(columns []*column, s subject) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s, emulator | this provider | `restapi` %s | %s in a loop |\n|---|---|---|---|\n", s.cli, s.restapi, s.curl)
	for _, r := range rows(s.keys) {
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
