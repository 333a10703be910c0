package guides

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// fromElsewhere are headings in the guide that the framework or a CLI writes.
var fromElsewhere = []string{"Invalid Attribute Value", "Invalid Attribute Combination"}

// TestTroubleshooting: the guide explains every heading of an error or warning
// that the provider's code spells out, and no other.
func TestTroubleshooting(t *testing.T) {
	t.Parallel()
	guide := read(t, filepath.Join(folder, "troubleshooting.md"))
	found, texts := headings(t, "../..")
	if len(found) < 50 {
		t.Fatalf("only %d headings were found", len(found))
	}
	apitest.Says(t, guide, slices.Sorted(maps.Keys(found))...)
	for _, row := range regexp.MustCompile(`(?m)^\| ([A-Z][^|]*) \|`).FindAllStringSubmatch(guide, -1) {
		for heading := range strings.SplitSeq(row[1], ", ") {
			// What stands for a name, or goes on after one, is not in the code as such.
			said, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(heading), " (not repeated)"), "…")
			said = strings.TrimPrefix(strings.TrimSpace(said), "Cannot ")
			if !slices.Contains(fromElsewhere, said) && !strings.Contains(texts, said) {
				t.Errorf("the guide explains %q, which nothing says", heading)
			}
		}
	}
}

// headings returns the headings of the diagnostics that the code in a folder adds,
// and where, and all texts in it.
func headings(t *testing.T, root string) (found map[string]string, texts string) {
	t.Helper()
	var all strings.Builder
	found, files := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && slices.Contains([]string{"acctest", "bench", "emulator"}, d.Name()) {
			return cmp.Or(err, fs.SkipDir)
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					all.WriteString(text + "\n")
				}
			case *ast.CallExpr:
				if heading := heading(n); heading != "" {
					found[heading] = files.Position(n.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	must(t, err)
	return found, all.String()
}

// heading returns the heading that a call gives a diagnostic, or "".
func heading(call *ast.CallExpr) string {
	at, before := -1, ""
	switch name := called(call); {
	case name == "AddAttributeError", name == "AddAttributeWarning", name == "NewAttributeErrorDiagnostic", name == "NewAttributeWarningDiagnostic":
		at = 1
	case name == "AddWarning", name == "NewErrorDiagnostic", name == "NewWarningDiagnostic":
		at = 0
	case name == "AddError" && len(call.Args) > 2: // that of package advice
		at, before = 1, "Cannot "
	case name == "AddError":
		at = 0
	}
	if at < 0 || at >= len(call.Args) {
		return ""
	}
	literal, ok := call.Args[at].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return before + text
}

// called returns the name of the function or method that a call calls.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
