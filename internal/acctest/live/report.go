package live

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Report writes a table of findings, and how to start an emulator that behaves like
// the account. It returns the findings that no setting of the emulator covers.
func Report(w io.Writer, findings []Finding) (unknown []Finding, err error) {
	defaults, err := emulator.Switches{}.Values()
	if err != nil {
		return nil, err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SWITCH\tFOUND\tDEFAULT\tSEEN")
	var different []string
	for _, f := range findings {
		value := f.Value
		switch {
		case value == "":
			value = "(open)"
		case (&emulator.Switches{}).Set(f.Switch, value) != nil:
			value += " (new)"
			unknown = append(unknown, f)
		case value != defaults[f.Switch]:
			different = append(different, "-switch "+f.Switch+"="+value)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.Switch, value, defaults[f.Switch], f.Note)
	}
	if err := table.Flush(); err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "\nAn emulator that behaves like this account:\n  clarifai-emulator %s\n", strings.Join(different, " "))
	return unknown, nil
}
