package live

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Report writes a table of findings, and how to start an emulator that behaves as what
// was found. It returns an error for what no setting of the emulator covers, and for
// open questions that the account could have answered.
func Report(w io.Writer, findings []Finding) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "QUESTION\tFOUND\tDEFAULT\tSEEN")
	var different, open []string
	var failed []error
	for _, f := range findings {
		value, usual := f.Value, known()[f.Name]
		_, other := otherBehaviors[f.Name]
		switch {
		case value == "":
			value, open = "(open)", append(open, f.Name)
			if !f.Unanswerable {
				failed = append(failed, fmt.Errorf("%s is open: %s", f.Name, f.Note))
			}
		case other && value != usual, !other && (&emulator.Switches{}).Set(f.Name, value) != nil:
			value += " (new)"
			failed = append(failed, fmt.Errorf("%s is %s (%s), which the emulator cannot do yet", f.Name, f.Value, f.Note))
		case value != usual:
			different = append(different, "-switch "+f.Name+"="+value)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.Name, value, usual, f.Note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nAn emulator that behaves as what was found:\n  clarifai-emulator %s\n", strings.Join(different, " "))
	if len(open) > 0 {
		fmt.Fprintf(w, "Open, so as the emulator's default: %s\n", strings.Join(open, ", "))
	}
	return errors.Join(failed...)
}
