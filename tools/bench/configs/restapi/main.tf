# As the provider's documentation advises for an API that returns what it created.
terraform {
  required_providers {
    restapi = { source = "mastercard/restapi" }
  }
}

variable "keys" { type = number }

variable "uri" { type = string }

variable "user_id" { type = string }

variable "pat" { type = string }

provider "restapi" {
  uri                   = var.uri
  headers               = { Authorization = "Key ${var.pat}", Content-Type = "application/json" }
  id_attribute          = "keys/0/id"
  create_returns_object = true
}

resource "restapi_object" "k" {
  count = var.keys
  path  = "/v2/users/${var.user_id}/keys"
  data = jsonencode({
    keys = [{
      description = "key ${count.index}"
      scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
      apps        = [{ id = "compare", user_id = var.user_id }]
    }]
  })
}
