package main

import (
	"fmt"
	"strings"
)

const keysPerApp = 10

// required names the source of a provider.
func required(name, source string) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", name, source)
}

// clarifaiConfig has n keys in n/10 apps. The keys spell the ID of their app
// instead of referring to it: Terraform reads a whole counted resource for each
// reference to an instance, which is quadratic and would hide everything else.
func clarifaiConfig(n int, scopes []string, unlimited bool) string {
	block := ""
	if unlimited {
		block = "requests_per_second = 100000"
	}
	return required("clarifai", "clarifai/clarifai") + fmt.Sprintf(`provider "clarifai" {
  %s
}

resource "clarifai_app" "a" {
  count = %d
  id    = "bench-${count.index}"
}
`, block, (n+keysPerApp-1)/keysPerApp) + keyResource("clarifai_app_key", n, scopes, "depends_on = [clarifai_app.a]")
}

// twinConfig has the same keys as resources of a twin.
func twinConfig(resourceType string, n int, scopes []string) string {
	return required("twin", "clarifai/twin") + keyResource(resourceType, n, scopes, "")
}

func keyResource(resourceType string, n int, scopes []string, more string) string {
	return fmt.Sprintf(`
resource %q "k" {
  count       = %d
  app_id      = "bench-${floor(count.index / %d)}"
  description = "key ${count.index}"
  scopes      = ["%s"]
  %s
}
`, resourceType, n, keysPerApp, strings.Join(scopes, `", "`), more)
}

func timeConfig(n int) string {
	return required("time", "hashicorp/time") + fmt.Sprintf("resource \"time_static\" \"k\" {\n  count = %d\n}\n", n)
}

func dataConfig(n int) string { return terraformData(n, `"key"`) }

// setsConfig has sets of strings in resources of Terraform itself. Each resource
// has its set twice, as input and as output.
func setsConfig(scopes []string) func(n int) string {
	return func(n int) string {
		return terraformData(n, `toset(["`+strings.Join(scopes, `", "`)+`"])`)
	}
}

func terraformData(n int, input string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"k\" {\n  count = %d\n  input = %s\n}\n", n, input)
}
