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

// fleetConfig says what clarifaiConfig returns.
type fleetConfig struct {
	keyType string
	n       int
	scopes  []string
	limited bool // at the documented rate limit
}

// clarifaiConfig has n keys in n/10 apps. The keys spell the ID of their app
// instead of referring to it: Terraform reads a whole counted resource for each
// reference to an instance, which is quadratic and would hide everything else.
func clarifaiConfig(f fleetConfig) string {
	rate, schedule := 100000, ""
	if f.limited {
		rate = documentedRPS
	}
	if f.keyType == rotating {
		schedule = `rotation_period = "90d"` // far more time than a measurement takes
	}
	return required("clarifai", "clarifai/clarifai") + fmt.Sprintf(`provider "clarifai" {
  requests_per_second = %d
}

resource "clarifai_app" "a" {
  count = %d
  id    = "bench-${count.index}"
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource %q "k" {
  count       = %d
  app_id      = "bench-${floor(count.index / %d)}"
  description = "key ${count.index}"
  scopes      = %s
  %s
  depends_on = [clarifai_app.a]
}
`, rate, (f.n+keysPerApp-1)/keysPerApp, f.keyType, f.n, keysPerApp, hclList(f.scopes), schedule)
}

func timeConfig(n int) string {
	return required("time", "hashicorp/time") + fmt.Sprintf("resource \"time_static\" \"k\" {\n  count = %d\n}\n", n)
}

// setsConfig has sets of strings in resources of Terraform itself. Each resource
// has its set twice, as input and as output.
func setsConfig(scopes []string) func(n int) string {
	return func(n int) string {
		return fmt.Sprintf("resource \"terraform_data\" \"k\" {\n  count = %d\n  input = toset(%s)\n}\n", n, hclList(scopes))
	}
}

func hclList(items []string) string { return `["` + strings.Join(items, `", "`) + `"]` }
