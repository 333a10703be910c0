package appkey_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

var functionVersions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)}

// TestAccAppKeyID gives the id that the resource has, and no other for a key
// that Terraform does not know.
func TestAccAppKeyID(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	resource.Test(t, resource.TestCase{
		IsUnitTest: true, ProtoV6ProviderFactories: w.Factories(), TerraformVersionChecks: functionVersions, CheckDestroy: w.NothingLeft,
		Steps: []resource.TestStep{{
			Config: w.Config(tenant + `
resource "clarifai_app_key" "k" {
  app_id = clarifai_app.t.id
  scopes = ["Predict"]
}

output "same" {
  value = nonsensitive(provider::clarifai::app_key_id(clarifai_app.t.user_id, clarifai_app.t.id, clarifai_app_key.k.key)) == clarifai_app_key.k.id
}

output "known" {
  value = provider::clarifai::app_key_id("u", "a", "0123456789abcdef0123456789abcdef")
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("same", knownvalue.Bool(true)),
				// printf %s 0123456789abcdef0123456789abcdef | sha256sum
				statecheck.ExpectKnownOutputValue("known", knownvalue.StringExact("u/a/3eb1bd439947eb76")),
			},
		}, {
			Config:      w.Config(tenant + "variable \"k\" {\n  type = string\n  sensitive = true\n  default = \" secret \"\n}\noutput \"o\" {\n  sensitive = true\n  value = provider::clarifai::app_key_id(\"u\", \"a\", var.k)\n}\n"),
			ExpectError: regexp.MustCompile(`key\s+is\s+empty,\s+has\s+spaces\s+around\s+it`),
		}},
	})
}

func TestAppKeyID_errors(t *testing.T) {
	t.Parallel()
	server := acctest.Start(t, emulator.Options{}).Provider().Server()
	call := func(arguments ...string) *tfprotov6.CallFunctionResponse {
		t.Helper()
		req := &tfprotov6.CallFunctionRequest{Name: "app_key_id"}
		for _, a := range arguments {
			v, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, a))
			if err != nil {
				t.Fatal(err)
			}
			req.Arguments = append(req.Arguments, &v)
		}
		resp, err := server.CallFunction(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	key := emulator.NewSecret()
	resp := call("u", "a", key)
	if resp.Error != nil {
		t.Fatal(resp.Error.Text)
	}
	v, err := resp.Result.Unmarshal(tftypes.String)
	var id string
	if err == nil {
		err = v.As(&id)
	}
	if err != nil || id != "u/a/"+fingerprint(key) {
		t.Errorf("%q, %v", id, err)
	}
	for _, c := range []struct {
		at        int64
		arguments []string
	}{
		{0, []string{"", "a", key}}, {0, []string{"u/a", "a", key}}, {0, []string{key + "/", "a", key}}, {1, []string{"u", "", key}}, {0, []string{"me", "a", key}}, {0, []string{"a user", "a", key}}, {1, []string{"u", "bad app", key}}, {1, []string{"me2", "a.b", key}}, {1, []string{"u", "a/" + key, key}},
		{2, []string{"u", "a", ""}}, {2, []string{"u", "a", "short"}}, {2, []string{"u", "a", fingerprint(key)}}, {2, []string{"u", "a", " " + key}}, {2, []string{"u", "a", key + "\n"}}, {2, []string{"u", "a", "u/a/" + key}},
	} {
		e := call(c.arguments...).Error
		if e == nil || e.FunctionArgument == nil || *e.FunctionArgument != c.at {
			t.Errorf("argument %d is not refused", c.at)
			continue
		}
		if strings.Contains(e.Text, key[:12]) {
			t.Errorf("the refusal of argument %d repeats the key", c.at)
		}
	}
}
