package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The looks of a part of a line, as codes of the terminal.
const (
	strong = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// fills are their colors in a picture.
var fills = map[string]string{strong: "#ffffff", dim: "#8b949e", red: "#ff7b72", green: "#3fb950", yellow: "#d29922"}

// in returns text with a look.
func in(look, text string) string { return "\x1b[" + look + "m" + text + "\x1b[0m" }

// withoutColor returns text without looks.
func withoutColor(text string) string {
	for look := range fills {
		text = strings.ReplaceAll(text, "\x1b["+look+"m", "")
	}
	return strings.ReplaceAll(text, "\x1b[0m", "")
}

// wantsColor reports whether a file is a terminal that may show colors.
func wantsColor(file *os.File, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// screen is where the demo writes.
type screen struct {
	out   io.Writer
	color bool
	lines []string // all that it wrote, with colors
}

func (s *screen) line(text string) {
	s.lines = append(s.lines, text)
	if !s.color {
		text = withoutColor(text)
	}
	fmt.Fprintln(s.out, text)
}

// row is one line of the table of steps.
type row struct {
	mark     string
	name     string
	took     time.Duration
	requests int
	text     string
}

func (s *screen) row(r row) {
	noun := "requests"
	if r.requests == 1 {
		noun = "request "
	}
	cost := in(dim, fmt.Sprintf("%5.1f s %4d %s", r.took.Seconds(), r.requests, noun))
	s.line(fmt.Sprintf("%s%s %s  %s", r.mark, in(strong, fmt.Sprintf("%-8s", r.name)), cost, r.text))
}

// requestsPerSecond is Clarifai's documented limit.
const requestsPerSecond = 15

// totals writes the sums under the table, what Clarifai's limit would add, and where to
// go on.
func (s *screen) totals(took time.Duration, total emulator.Stats) {
	s.line("")
	s.row(row{mark: "  ", name: "total", took: took, requests: total.Requests,
		text: fmt.Sprintf("%d apps and %d keys left", total.Apps, total.Keys)})
	s.row(row{mark: "  ", name: "at least", took: time.Second * time.Duration(total.Requests) / requestsPerSecond, requests: total.Requests,
		text: fmt.Sprintf("at Clarifai's limit of %d requests a second", requestsPerSecond)})
	s.line("")
	s.line(in(strong, "Next:"))
	s.line("  " + in(green, "docs/guides/getting-started.md") + "  a first configuration, step by step")
	s.line("  " + in(green, "docs/index.md                 ") + "  every resource, and what a real account needs")
}
