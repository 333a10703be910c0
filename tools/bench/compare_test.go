package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestREADME checks that the table in the README has the lines that this program
// writes, and the version of the generic provider that this module requires. Its
// figures are those of one run.
func TestREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _, err := tableOf(string(readme))
	if err != nil {
		t.Fatal(err)
	}
	version, err := restapiVersion(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(table), "\n")
	if !strings.Contains(lines[0], "`restapi` "+version+" ") {
		t.Errorf("the table is about another version than %s: run make compare\n%s", version, lines[0])
	}
	if len(lines) != len(rows)+2 {
		t.Fatalf("the table has %d lines, not %d: run make compare", len(lines)-2, len(rows))
	}
	for i, r := range rows {
		if !strings.HasPrefix(lines[i+2], "| "+r.label+" |") {
			t.Errorf("line %d is not about %q: run make compare\n%s", i+1, r.label, lines[i+2])
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	own := &column{created: emulator.Stats{Requests: 503}, plan: checked{compares: true, took: 960 * time.Millisecond}, noticed: true,
		limitedKeys: 30, limitedTook: 12 * time.Second}
	curl := &column{inOutput: 500, patInLog: true, limitedKeys: 5, limitedFailed: true}
	text := table([]string{"Terraform v1, emulator", "this provider", "curl 8"}, []*column{own, curl})
	for _, want := range []string{
		"| Terraform v1, emulator | this provider | curl 8 |\n|---|---|---|\n",
		"| requests to create 500 keys | 503 | 0 |", "| time of that plan | 1.0 s | 0.0 s |", "token in that log | no | yes |",
		"outside | yes | – |", "| created in 12 s | fails after 5 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
