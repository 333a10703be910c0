package base

import (
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Results turns what Clarifai lists into the results of a list resource.
type Results[T any] struct {
	Items    iter.Seq2[T, error] // read as Terraform reads the results
	Keep     func(T) bool        // which items are results; nil: all
	Limit    int64               // how many results Terraform takes; 0: all
	Result   func(T) list.ListResult
	AddError func(*diag.Diagnostics, error)
}

// Stream returns the results, no more than the limit allows. If there are more,
// the last one has a warning that says so: Terraform reads nothing after it. An
// error is a result of its own, because of which Terraform discards the others.
func (r Results[T]) Stream() iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var last list.ListResult
		var n int64
		full := func() bool { return r.Limit > 0 && n == r.Limit }
		for item, err := range r.Items {
			if err == nil && r.Keep != nil && !r.Keep(item) {
				continue
			}
			switch {
			case full() && err != nil:
				last.Diagnostics.AddWarning("There may be more results",
					fmt.Sprintf(
						"The list's limit of %d results is reached. Whether there are more is not known: %s", r.Limit, advice.Sentence(err.Error())))
			case full():
				last.Diagnostics.AddWarning("There are more results",
					fmt.Sprintf("The list's limit of %d results is reached, and there are more. Set limit in the list block to a higher number, or "+
						"use a filter in its config block.", r.Limit))
			case err != nil:
				var failed list.ListResult
				r.AddError(&failed.Diagnostics, err)
				push(failed)
				return
			default:
				n++
				last = r.Result(item)
				if full() || push(last) {
					continue
				}
				return
			}
			break
		}
		if full() {
			push(last)
		}
	}
}

// displayLength is how many characters of a text are displayed.
const displayLength = 80

// DisplayName returns how a query shows a result: an ID and, if there is one, a
// text of somebody else's that says what it is, on one line, escaped, and cut if it is long.
func DisplayName(id, text string) string {
	line := []rune(clarifai.Escape(strings.Join(strings.Fields(text), " ")))
	switch {
	case len(line) == 0:
		return id
	case len(line) > displayLength:
		line = append(line[:displayLength-1], '…')
	}
	return id + ": " + string(line)
}
