package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// style is how a part of a line looks on a terminal.
type style struct {
	code string // of the terminal
	fill string // colour in the picture
}

var (
	green  = style{"32", "#3fb950"}
	red    = style{"31", "#ff7b72"}
	yellow = style{"33", "#d29922"}
	dim    = style{"2", "#8b949e"}
	strong = style{"1", "#ffffff"}
)

var styles = []style{green, red, yellow, dim, strong}

// screen is where the demo writes. On a terminal it has colours and marks;
// otherwise it is plain text.
type screen struct {
	out   io.Writer
	color bool
}

// wantsColor reports whether a file is a terminal that may show colours.
func wantsColor(file *os.File, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// in returns text in a style.
func (s screen) in(st style, text string) string {
	if !s.color || st == (style{}) || text == "" {
		return text
	}
	return "\x1b[" + st.code + "m" + text + "\x1b[0m"
}

// rich returns the first text on a terminal, and the second elsewhere.
func (s screen) rich(onTerminal, plain string) string {
	if s.color {
		return onTerminal
	}
	return plain
}

func (s screen) line(text string) { fmt.Fprintln(s.out, text) }

// row is one line of the table of steps.
type row struct {
	mark     string // shown on a terminal only
	look     style  // of the mark
	name     string
	took     time.Duration
	requests int
	text     string
}

func (s screen) row(r row) {
	mark := s.rich(s.in(r.look, fmt.Sprintf("%-2s", r.mark)), "")
	noun := "requests"
	if r.requests == 1 {
		noun = "request "
	}
	name := s.in(strong, fmt.Sprintf("%-8s", r.name))
	cost := s.in(dim, fmt.Sprintf("%5.1f s %4d %s", r.took.Seconds(), r.requests, noun))
	s.line(fmt.Sprintf("%s%s %s  %s", mark, name, cost, r.text))
}

// under writes a line that belongs to the row above it.
func (s screen) under(text string) {
	s.line(strings.Repeat(" ", len("by hand    ")) + s.rich("  ", "") + text)
}

// requestsPerSecond is Clarifai's documented limit.
const requestsPerSecond = 15

// totals writes the sums under the table, and what Clarifai's limit would add.
func (s screen) totals(took time.Duration, requests int, left string) {
	s.row(row{name: "total", took: took, requests: requests, text: left})
	s.row(row{name: "at least", took: time.Second * time.Duration(requests) / requestsPerSecond, requests: requests,
		text: fmt.Sprintf("at Clarifai's limit of %d requests a second", requestsPerSecond)})
}

func (s screen) next() {
	s.line("\n" + s.in(strong, "Next:"))
	for _, entry := range [][2]string{
		{"bin/clarifai-emulator", "start the emulator for a configuration of your own"},
		{"README.md", "a first configuration, step by step"},
		{"docs/index.md", "every resource, and what a real account needs"},
	} {
		s.line("  " + s.in(green, fmt.Sprintf("%-22s", entry[0])) + " " + entry[1])
	}
}
