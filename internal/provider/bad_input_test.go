package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const oneApp = `
resource "clarifai_app" "t" {
  id = "tenant"
}
`

const appAndKey = oneApp + `
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

// TestAccProvider_badConfiguration: errors before any request name the attribute
// and the fix.
func TestAccProvider_badConfiguration(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	var steps []resource.TestStep
	refuse := func(config, text string) {
		steps = append(steps, resource.TestStep{Config: config, PlanOnly: true, ExpectError: words(text)})
	}
	block := func(attributes string) string {
		return "provider \"clarifai\" {\n" + attributes + "\n}\n" + oneApp
	}
	pat := fmt.Sprintf("pat = %q\n", w.PAT())
	refuse(block(""), "found none in pat, in the environment variable CLARIFAI_PAT or in the .* export CLARIFAI_PAT=")
	refuse(block(`pat = ""`), "pat is empty. Set it, or omit it to use CLARIFAI_PAT.")
	refuse(block(`pat = " "`), "pat is empty. Set it, or omit it to use CLARIFAI_PAT.")
	refuse(block(pat+`api_base = "http://example.com"`), "from api_base in the provider block: .* plain http .* use https")
	refuse(block(pat+`api_base = "https://example.com/v2"`), "ends in /v2, which the provider adds itself; remove it")
	refuse(block(pat+`api_base = "ftp://example.com"`), `has the scheme "ftp"; use https`)
	refuse(block(pat+`api_base = "https://u:p@example.com"`), "credentials belong in pat")
	refuse(block(pat+`root_certificates_path = "/nonexistent.pem"`), "root_certificates_path or CLARIFAI_ROOT_CERTIFICATES_PATH .* /nonexistent.pem: .* Name a PEM file")
	refuse(block(pat+`context = "acme"`), "context of the Clarifai CLI's config file, which does not exist: .* Remove context, or run `clarifai login`.")
	refuse(block(pat+`requests_per_second = 0`), "requests_per_second is 0; it must be at least 0.01.")
	refuse(block(pat+`max_retries = -1`), "max_retries .* between 1 and 1000")
	refuse(block(pat+`request_timeout = "30"`), `request_timeout is "30"; the value must be a duration`)
	refuse(block(pat+`request_timeout = "-1s"`), `request_timeout is "-1s"`)

	bad := func(hcl, text string) { refuse(w.Config(hcl), text) }
	app := func(attributes string) string {
		return "resource \"clarifai_app\" \"t\" {\n  id = \"tenant\"\n" + attributes + "\n}\n"
	}
	key := func(attributes string) string {
		return "resource \"clarifai_app_key\" \"k\" {\n  app_id = \"tenant\"\n" + attributes + "\n}\n"
	}
	bad(app(`metadata = "[1]"`), "metadata is JSON, but not an object. .* jsonencode({")
	bad(app(`metadata = "null"`), "metadata is JSON, but not an object")
	bad(app(`metadata = "{"`), "metadata is not a JSON object. .* jsonencode({")
	bad(app(`visibility = "SECRET"`), `visibility .* "PRIVATE", "ORG" or "PUBLIC"`)
	bad(app(`visibility = "private"`), `visibility is "private" .* Did you mean "PRIVATE"?`)
	bad(app(`default_workflow = { id = "" }`), "default_workflow.id .* at least 1")
	bad(app(`sample_ms = 0`), "sample_ms .* between 1 and")
	bad(strings.Replace(app(""), `"tenant"`, `"a b"`, 1), `id must be an app ID: 1 to 32 letters .* got: a b`)
	bad(app(`user_id = "me"`), `user_id is "me", Clarifai's alias for the owner of the PAT. Leave it out`)
	bad(key("scopes = [\"Predict\"]\nuser_id = \"me\""), `user_id is "me"`)
	bad(key(""), `neither scopes nor endpoints .* Set scopes, for example ["Apps:Get", "Inputs:Get"]`)
	bad(key(`scopes = []`), "neither scopes nor endpoints")
	bad(key(`scopes = ["Inputs:Get, Predict"]`), `Scope "Inputs:Get, Predict" contains a comma. Use one element per scope.`)
	bad(key(`scopes = [null]`), "An element of scopes is null")
	bad(key(`endpoints = ["PostModelOutputs"]`), `Endpoint "PostModelOutputs" does not start with /clarifai.api.V2/. Write "/clarifai.api.V2/PostModelOutputs"`)
	bad(key(`endpoints = ["/v2/models"]`), `Endpoint "/v2/models" is a REST path`)
	bad(strings.Replace(key(`scopes = ["Predict"]`), `"tenant"`, `"a b"`, 1), "app_id .* must be an app ID")
	w.Run(t, resource.TestCase{Steps: steps})
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
