package main

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Sizes of the picture in pixels.
const (
	charWidth  = 8.4
	lineHeight = 20
	margin     = 20
	titleBar   = 36
)

// picture returns an SVG image of a terminal with these lines, which may have
// colors. Each line is one text element, so that the text can be read back.
func picture(title string, lines []string) string {
	columns := 0
	for _, line := range lines {
		columns = max(columns, utf8.RuneCountInString(withoutColor(line)))
	}
	width, height := int(float64(columns)*charWidth)+2*margin, len(lines)*lineHeight+titleBar+margin

	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">
<rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="5" fill="#ff5f56"/><circle cx="38" cy="18" r="5" fill="#ffbd2e"/><circle cx="56" cy="18" r="5" fill="#27c93f"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c9d1d9">
<title>%s</title>
`, width, height, width, height, html.EscapeString(title), html.EscapeString(title))
	for i, line := range lines {
		fmt.Fprintf(&svg, "<text x=\"%d\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", margin, titleBar+lineHeight*(i+1)-6, spans(line))
	}
	svg.WriteString("</g>\n</svg>\n")
	return svg.String()
}

// spans returns a line with its terminal colors as elements of SVG.
func spans(line string) string {
	var out strings.Builder
	for i, part := range strings.Split(line, "\x1b[") {
		look, text, _ := strings.Cut(part, "m")
		switch fill := fills[look]; {
		case i == 0:
			out.WriteString(html.EscapeString(part))
		case fill != "":
			fmt.Fprintf(&out, `<tspan fill="%s">%s</tspan>`, fill, html.EscapeString(text))
		default:
			out.WriteString(html.EscapeString(text))
		}
	}
	return out.String()
}
