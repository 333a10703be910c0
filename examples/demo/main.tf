# Three tenants, an app each, and two keys for each app: one for the service
# that adds images, one for the service that asks for predictions.

terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

locals {
  tenants = {
    acme    = { description = "Acme Corporation" }
    globex  = { description = "Globex" }
    initech = { description = "Initech" }
  }

  # What PostInputs needs, and what PostModelOutputs and PostWorkflowResults need.
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
}

resource "clarifai_app_key" "tenant" {
  for_each = local.keys

  app_id      = clarifai_app.tenant[each.value.tenant].id
  description = each.value.purpose
  scopes      = each.value.scopes
}

output "key_ids" {
  description = "Names each key without telling it."
  value       = { for name, key in clarifai_app_key.tenant : name => key.id }
}

output "keys" {
  description = "The keys themselves, for the tenants' services."
  value       = { for name, key in clarifai_app_key.tenant : name => key.key }
  sensitive   = true
}
