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

// keyBlock is a block of n keys of a type, with further arguments.
type keyBlock struct {
	resourceType string
	n            int
	scopes       []string
	more         string
}

// schedule are the arguments of a key that rotates, in far more time than a
// measurement takes.
const schedule = `rotation_period = "90d"`

// clarifaiConfig has n keys in n/10 apps. The keys spell the ID of their app
// instead of referring to it: Terraform reads a whole counted resource for each
// reference to an instance, which is quadratic and would hide everything else.
func clarifaiConfig(keys keyBlock, unlimited bool) string {
	block := ""
	if unlimited {
		block = "requests_per_second = 100000"
	}
	keys.more += "\n  depends_on = [clarifai_app.a]"
	return required("clarifai", "clarifai/clarifai") + fmt.Sprintf(`provider "clarifai" {
  %s
}

resource "clarifai_app" "a" {
  count = %d
  id    = "bench-${count.index}"
}
`, block, (keys.n+keysPerApp-1)/keysPerApp) + keys.String()
}

// twinConfig has the same keys as resources of a twin.
func twinConfig(keys keyBlock) string { return required("twin", "clarifai/twin") + keys.String() }

// String returns the block.
func (k keyBlock) String() string {
	return fmt.Sprintf(`
resource %q "k" {
  count       = %d
  app_id      = "bench-${floor(count.index / %d)}"
  description = "key ${count.index}"
  scopes      = ["%s"]
  %s
}
`, k.resourceType, k.n, keysPerApp, strings.Join(k.scopes, `", "`), k.more)
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
