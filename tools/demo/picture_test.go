package main

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// textOf returns the lines of text in a picture.
func textOf(t *testing.T, svg []byte) []string {
	t.Helper()
	var parsed struct {
		Group struct {
			Lines []struct {
				Content []byte `xml:",innerxml"`
			} `xml:"text"`
		} `xml:"g"`
	}
	apitest.Must(t, xml.Unmarshal(svg, &parsed))
	var lines []string
	for _, line := range parsed.Group.Lines {
		text := ""
		decoder := xml.NewDecoder(bytes.NewReader(line.Content))
		for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
			if characters, ok := token.(xml.CharData); ok {
				text += string(characters)
			}
		}
		lines = append(lines, text)
	}
	return lines
}

func TestPicture(t *testing.T) {
	t.Parallel()
	svg := picture("make demo", []string{in(green, "✓") + ` plan <a["b"]> & c`, "", "  \x1b[9munknown"})
	want := []string{`✓ plan <a["b"]> & c`, "", "  unknown"}
	if got := textOf(t, []byte(svg)); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q\n%s", got, want, svg)
	}
	apitest.Says(t, svg, `<tspan fill="#3fb950">✓</tspan>`, "<title>make demo</title>")
}

// varying matches what differs between runs: times and numbers of requests.
var varying = regexp.MustCompile(` *\d+\.\d s +\d+ requests? ?`)

func withoutNumbers(lines []string) string {
	return varying.ReplaceAllString(strings.Join(lines, "\n"), " (time and requests)")
}

// TestAccPicture runs the demo and compares what it prints with the picture in the
// README.
func TestAccPicture(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs Terraform or OpenTofu: set TF_ACC=1, as make test does")
	}
	program, err := cli.Find(t.Context(), nil)
	apitest.Must(t, err)
	root, bin := filepath.Join("..", ".."), t.TempDir()
	o := options{cli: program, providerDir: bin, example: filepath.Join(root, "examples", "demo")}
	apitest.Must(t, cli.Build(t.Context(), root, ".", filepath.Join(bin, "terraform-provider-clarifai")))
	s := &screen{out: io.Discard}
	apitest.Must(t, run(t.Context(), o, s))
	file, err := os.ReadFile(filepath.Join(root, ".github", "demo.svg"))
	apitest.Must(t, err)
	got := withoutNumbers(textOf(t, file))
	want := withoutNumbers(textOf(t, []byte(picture("", s.lines))))
	if got != want {
		t.Errorf("the demo prints something else than .github/demo.svg shows: run \"make demo-svg\".\nThe picture:\n%s\nThe demo:\n%s", got, want)
	}
	if secret.MatchString(string(file)) {
		t.Error("the picture holds what looks like a key")
	}
}
