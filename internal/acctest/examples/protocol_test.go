package examples

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The examples of list resources and actions need Terraform 1.14. The tests here
// read their blocks as Terraform does and run them at protocol level, on any
// machine; those that begin with TestAcc use the CLI where it has them.

// leaked and kept are the fingerprints in the action's example.
const leaked, kept = "0123456789abcdef", "fedcba9876543210"

// organization starts the account that the examples name.
func organization(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	w.MakeApps(t, "acme-production", "acme-staging", "globex")
	for description, scopes := range map[string][]string{"leaked": {"All"}, "kept": {"Predict"}, "other": {"Predict"}} {
		apitest.Must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "acme-production", Description: description, Scopes: scopes}))
	}
	return w
}

// withFingerprints returns an example with the fingerprints of the account's keys.
func withFingerprints(w *acctest.World, text string) string {
	for _, k := range w.Keys(w.UserID(), "acme-production") {
		placeholder := map[string]string{"leaked": leaked, "kept": kept}[k.Description]
		if placeholder != "" {
			text = strings.ReplaceAll(text, placeholder, clarifai.Secret(k.ID).Fingerprint())
		}
	}
	return text
}

// block14 is a list or action block of an example.
type block14 struct {
	kind, typ, name string
	config          map[string]any
}

// blocks reads the blocks of an example.
func blocks(t *testing.T, text string) (all []block14) {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(text), "example", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body, _ := file.Body.(*hclsyntax.Body)
	for _, b := range body.Blocks {
		read := block14{kind: b.Type, typ: b.Labels[0], name: b.Labels[1], config: map[string]any{}}
		for _, inner := range b.Body.Blocks {
			apitest.Equal(t, inner.Type, "config", "block of", read.name)
			for name, attribute := range inner.Body.Attributes {
				value, diags := attribute.Expr.Value(nil)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				read.config[name] = plain(value)
			}
		}
		all = append(all, read)
	}
	return all
}

// plain returns a value as Go has it.
func plain(v cty.Value) any {
	switch {
	case v.Type() == cty.String:
		return v.AsString()
	case v.Type() == cty.Bool:
		return v.True()
	}
	texts := []string{}
	for _, element := range v.AsValueSlice() {
		texts = append(texts, element.AsString())
	}
	return texts
}

// attributes are the names in the schema of a list resource or action.
func attributes(t *testing.T, server tfprotov6.ProviderServer, b block14) (names []string) {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	apitest.Must(t, err)
	schema := schemas.ListResourceSchemas[b.typ]
	if b.kind == "action" {
		schema = schemas.ActionSchemas[b.typ].Schema
	}
	for _, a := range schema.Block.Attributes {
		names = append(names, a.Name)
	}
	return names
}

// read14 returns the text of every example of a kind, by its path.
func read14(t *testing.T, pattern string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples match %s (%v)", pattern, err)
	}
	texts := map[string]string{}
	for _, file := range files {
		texts[file] = read(t, file)
	}
	return texts
}

const (
	queries = "list-resources/*/*.tfquery.hcl"
	actions = "actions/*/*.tf"
)

// TestExamples_lists: each list finds something and complains about nothing.
func TestExamples_lists(t *testing.T) {
	t.Parallel()
	w := organization(t)
	server := w.Configured(t)
	for file, text := range read14(t, queries) {
		for _, b := range blocks(t, text) {
			checkNames(t, server, b)
			results := acctest.List(t, server, acctest.Query{Type: b.typ, Config: b.config})
			if len(results) == 0 || len(results[0].Diagnostics) > 0 {
				t.Errorf("%s: %s: %d results", file, b.name, len(results))
			}
		}
	}
}

// checkNames checks that what a block sets is in the schema.
func checkNames(t *testing.T, server tfprotov6.ProviderServer, b block14) {
	t.Helper()
	known := attributes(t, server, b)
	for name := range b.config {
		if !slices.Contains(known, name) {
			t.Errorf("%s sets %s, which %s %s does not have", b.name, name, b.kind, b.typ)
		}
	}
}

// TestExamples_actions: each action is valid, and revokes what its comment says.
func TestExamples_actions(t *testing.T) {
	t.Parallel()
	left := map[string]int{"leaked": 2, "all_but_one": 1, "all": 0}
	for file, text := range read14(t, actions) {
		for i := range blocks(t, text) {
			w := organization(t)
			server := w.Configured(t)
			b := blocks(t, withFingerprints(w, text))[i]
			checkNames(t, server, b)
			invocation := acctest.Invocation{Server: server, Type: b.typ, Config: b.config}
			if diags := invocation.Validate(t); len(diags) > 0 {
				t.Errorf("%s: %s: %s", file, b.name, diags[0].Detail)
			}
			if o := invocation.Invoke(t.Context(), t); len(o.Diagnostics) > 0 {
				t.Errorf("%s: %s: %s", file, b.name, o.Diagnostics[0].Detail)
			}
			apitest.Equal(t, len(w.Keys(w.UserID(), "acme-production")), left[b.name], "keys left", file, b.name)
		}
	}
}

// TestAccExamples_queries generates configuration from each query, and applies it
// without a change.
func TestAccExamples_queries(t *testing.T) {
	t.Parallel()
	for _, text := range read14(t, queries) {
		w := organization(t)
		ws := clitest.New(t, w)
		ws.Release.SkipBelow(t, "1.14.0", "")
		ws.Write("main.tf", `provider "clarifai" {}`)
		ws.Write("adopt.tfquery.hcl", keepFirst(text))
		ws.Must("query", "-no-color", "-generate-config-out=adopted.tf")
		apitest.Says(t, ws.Must("plan", "-no-color").Stdout, "3 to import, 0 to add, 0 to change, 0 to destroy")
		ws.Must("apply", "-auto-approve", "-no-color")
		ws.CheckSettled()
	}
}

// keepFirst returns an example without its second block and all after it, which
// list some of the same again: two imports of one resource contradict each other.
func keepFirst(text string) string {
	first, _, _ := strings.Cut(text, "\n}\n")
	return first + "\n}\n"
}

// TestAccExamples_actions invokes each action.
func TestAccExamples_actions(t *testing.T) {
	t.Parallel()
	for file, text := range read14(t, actions) {
		for _, b := range blocks(t, text) {
			w := organization(t)
			ws := clitest.New(t, w)
			ws.Release.SkipBelow(t, "1.14.0", "")
			ws.Write("main.tf", withFingerprints(w, text))
			before := len(w.Keys(w.UserID(), "acme-production"))
			r := ws.Must("apply", "-auto-approve", "-no-color", "-refresh=false", "-invoke=action."+b.typ+"."+b.name)
			if n := len(w.Keys(w.UserID(), "acme-production")); n == before || !strings.Contains(r.Output, "Revoked key ") {
				t.Errorf("%s: %s: %d keys are left:\n%s", file, b.name, n, r.Output)
			}
		}
	}
}
