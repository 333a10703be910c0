package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// TestREADME checks that the table in the README has the lines that this program
// writes, and the version of the generic provider that this module requires. Its
// figures are those of one run.
func TestREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	apitest.Must(t, err)
	found := written.FindSubmatch(readme)
	if found == nil {
		t.Fatal("the README has no comments around a table of make compare")
	}
	version, err := restapiVersion(t.Context(), ".")
	apitest.Must(t, err)
	lines := strings.Split(strings.TrimSpace(string(found[2])), "\n")
	apitest.Says(t, lines[0], "`restapi` "+version+" ") // else, run make compare
	if len(lines) != len(labels)+2 {
		t.Fatalf("the table has %d lines, not %d: run make compare", len(lines)-2, len(labels))
	}
	for i, label := range labels {
		if !strings.HasPrefix(lines[i+2], "| "+label+" |") {
			t.Errorf("line %d is not about %q: run make compare\n%s", i+1, label, lines[i+2])
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	own, curl := slices.Repeat([]string{"1"}, len(labels)), slices.Repeat([]string{"2"}, len(labels))
	own[7], curl[7] = yes(true, false), yes(false, false)
	text := table([]string{"Terraform v1, emulator", "this provider", "curl 8"}, [][]string{own, curl})
	for _, want := range []string{
		"| Terraform v1, emulator | this provider | curl 8 |\n|---|---|---|\n| requests to create 500 keys | 1 | 2 |\n",
		"shows changes | no | – |\n", "| 30 new keys at a limit of 5 requests a second | 1 | 2 |\n",
	} {
		apitest.Says(t, text, want)
	}
}
