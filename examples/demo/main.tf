# Three tenants with an app each, and two keys per app: one for the service that
# adds images, and one for the service that requests predictions.

terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

provider "clarifai" {}

locals {
  tenants = {
    acme    = { description = "Acme Corporation" }
    globex  = { description = "Globex" }
    initech = { description = "Initech" }
  }

  # The scopes that PostInputs needs, and those that PostModelOutputs and
  # PostWorkflowResults need.
  scopes = {
    ingest = [
      "Annotations:Add", "Annotations:Get", "Apps:Get", "Concepts:Get", "Inputs:Add",
      "Inputs:Get", "Models:Get", "Predict", "Workflows:Get",
    ]
    predict = [
      "Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get",
    ]
  }

  keys = merge([
    for tenant in keys(local.tenants) : {
      for purpose, scopes in local.scopes :
      "${tenant}/${purpose}" => { tenant = tenant, purpose = purpose, scopes = scopes }
    }
  ]...)
}

resource "clarifai_app" "tenant" {
  for_each = local.tenants

  id          = each.key
  description = each.value.description
  metadata    = jsonencode({ managed_by = "terraform" })

  # An app key cannot use models of other apps, not even Clarifai's own. This base
  # workflow uses no model; without it, the app gets one of Clarifai's.
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "tenant" {
  for_each = local.keys

  app_id      = clarifai_app.tenant[each.value.tenant].id
  description = each.value.purpose
  scopes      = each.value.scopes
}

output "key_ids" {
  description = "The ID of each key, which does not reveal it."
  value       = { for name, key in clarifai_app_key.tenant : name => key.id }
}

output "keys" {
  description = "The keys, for the tenants' services."
  value       = { for name, key in clarifai_app_key.tenant : name => key.key }
  sensitive   = true
}
