package faults_test

import (
	"fmt"
	"strings"
)

// fleet returns a configuration of two apps with several keys each. Four of the
// keys are identical.
func fleet(description, suffix string) string {
	return fmt.Sprintf(`
locals { tenants = toset(["north", "south"]) }

resource "clarifai_app" "t" {
  for_each    = local.tenants
  id          = "${each.key}%[2]s"
  description = %[1]q
}

resource "clarifai_app_key" "alike" {
  count       = 4
  app_id      = clarifai_app.t["north"].id
  description = "alike"
  scopes      = ["Predict"]
}

resource "clarifai_app_key" "reader" {
  for_each    = local.tenants
  app_id      = clarifai_app.t[each.key].id
  description = %[1]q
  scopes      = ["Inputs:Get", "Concepts:Get"]
}
`, description, suffix)
}

// tenants returns a configuration of n apps with two keys each.
func tenants(n int, hcl string) string {
	return fmt.Sprintf(`
locals {
  tenants = [for i in range(%d) : format("tenant-%%02d", i)]
  keys    = merge([for t in local.tenants : { for k in ["reader", "writer"] : "${t}/${k}" => { app = t, use = k } }]...)
}

resource "clarifai_app" "t" {
  for_each = toset(local.tenants)
  id       = each.key
}

resource "clarifai_app_key" "k" {
  for_each    = local.keys
  app_id      = clarifai_app.t[each.value.app].id
  description = each.value.use
  scopes      = ["Inputs:Get"]
}
%s`, n, hcl)
}

// anyOwner removes user_id, so that the provider asks who owns the PAT.
func anyOwner(config string) string {
	var kept []string
	for line := range strings.Lines(config) {
		if !strings.HasPrefix(line, "  user_id ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
