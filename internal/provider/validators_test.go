package provider_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const appAndKey = `
resource "clarifai_app" "t" {
  id = "tenant"
}
resource "clarifai_app_key" "k" {
  app_id = clarifai_app.t.id
  scopes = ["Predict"]
}
`

// words returns a pattern for a text that Terraform may wrap anywhere.
func words(text string) *regexp.Regexp {
	fields := strings.Fields(text)
	for i, f := range fields {
		if f != ".*" {
			fields[i] = regexp.QuoteMeta(f)
		}
	}
	return regexp.MustCompile("(?s)" + strings.ReplaceAll(strings.Join(fields, `\s+`), `\s+.*\s+`, ".*"))
}

// refusals returns what is said of a provider block, by whichever call says it first.
func refusals(t *testing.T, w *acctest.World, block map[string]any) acctest.Said {
	t.Helper()
	s := w.Provider().Server()
	typ := answer(s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t).Provider.ValueType()
	config := acctest.Object(t, typ, block)
	valid := acctest.Said(answer(s.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config}))(t).Diagnostics)
	if valid.Failed() {
		return valid
	}
	return answer(s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config}))(t).Diagnostics
}

// TestProvider_badConfiguration: errors before any request name the attribute and the fix.
func TestProvider_badConfiguration(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	check := func(config map[string]any, said acctest.Said, text string) {
		if err := said.Err(); err == nil || !words(text).MatchString(err.Error()) {
			t.Errorf("%v: it does not say %q: %s", config, text, said)
		}
	}
	for text, block := range map[string]map[string]any{
		"pat is empty. Set it, or omit it to use CLARIFAI_PAT.":           {"pat": " "},
		"from api_base in the provider block: .* plain http .* use https": {"api_base": "http://example.com"},
		"requests_per_second is 0; it must be at least 0.01.":             {"requests_per_second": 0},
		"max_retries .* between 1 and 1000":                               {"max_retries": -1},
		`request_timeout is "30"; the value must be a duration`:           {"request_timeout": "30"},
		`request_timeout is "-1s"`:                                        {"request_timeout": "-1s"},
		`request_timeout is "[redacted]"`:                                 {"request_timeout": w.PAT()},
	} {
		if _, set := block["pat"]; !set {
			block["pat"] = w.PAT()
		}
		check(block, refusals(t, w, block), text)
	}
	p, predict := w.Process(t), []string{"Predict"}
	for _, c := range []struct {
		of     string
		config map[string]any
		text   string
	}{
		{"clarifai_app", map[string]any{"metadata": "[1]"}, "metadata is JSON, but not an object. .* jsonencode({"},
		{"clarifai_app", map[string]any{"metadata": "null"}, "metadata is JSON, but not an object"},
		{"clarifai_app", map[string]any{"metadata": "{"}, "metadata is not a JSON object. .* jsonencode({"},
		{"clarifai_app", map[string]any{"visibility": "SECRET"}, `visibility .* "PRIVATE", "ORG" or "PUBLIC"`},
		{"clarifai_app", map[string]any{"default_workflow": map[string]string{"id": ""}}, "default_workflow.id .* at least 1"},
		{"clarifai_app", map[string]any{"sample_ms": 0}, "sample_ms .* between 1 and"},
		{"clarifai_app", map[string]any{"id": "a b"}, "id must be an app ID: 1 to 32 letters .* got: a b"},
		{"clarifai_app", map[string]any{"user_id": "me"}, `user_id is "me", Clarifai's alias for the owner of the PAT. Leave it out`},
		{keyType, map[string]any{"scopes": predict, "user_id": "me"}, `user_id is "me"`},
		{keyType, nil, `neither scopes nor endpoints .* Set scopes, for example ["Apps:Get", "Inputs:Get"]`},
		{keyType, map[string]any{"scopes": []string{}}, "neither scopes nor endpoints"},
		{keyType, map[string]any{"scopes": []string{"Inputs:Get, Predict"}}, `Scope "Inputs:Get, Predict" contains ','. Use one element per scope.`},
		{keyType, map[string]any{"scopes": []any{nil}}, "An element of scopes is null"},
		{keyType, map[string]any{"endpoints": []string{"PostModelOutputs"}}, `Endpoint "PostModelOutputs" does not start with /clarifai.api.V2/. Write "/clarifai.api.V2/PostModelOutputs"`},
		{keyType, map[string]any{"endpoints": []string{"/v2/models"}}, `Endpoint "/v2/models" is a REST path`},
		{keyType, map[string]any{"scopes": predict, "app_id": "a b"}, "app_id .* must be an app ID"},
	} {
		config := map[string]any{"id": "tenant"}
		if c.of == keyType {
			config = map[string]any{"app_id": "tenant"}
		}
		maps.Copy(config, c.config)
		check(config, p.PlanOnly(&acctest.Stored{Type: c.of}, config).Said, c.text)
	}
	if n := w.Count(""); n > 0 {
		t.Errorf("%d requests for configurations that cannot work", n)
	}
}

// TestAccProvider_unknown takes the PAT from a resource of the same plan.
func TestAccProvider_unknown(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := func(pat, hcl string) string {
		return fmt.Sprintf("provider \"clarifai\" {\n  api_base = %q\n  pat = terraform_data.pat.output\n}\nresource \"terraform_data\" \"pat\" {\n  input = %q\n}\n", w.URL, pat) + hcl
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(w.PAT(), appAndKey)},
		{Config: config(w.PAT(), appAndKey), PlanOnly: true},
		{ // the apps cannot be read before the new PAT exists
			Config:      config(w.AddPAT(w.UserID(), "All"), appAndKey),
			ExpectError: words("pat of the provider block depends on something that is not applied yet. .* -target="),
		},
		{Config: config(w.PAT(), appAndKey)},
	}})
}
