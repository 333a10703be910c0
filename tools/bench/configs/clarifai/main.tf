terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" }
  }
}

variable "keys" { type = number }

variable "requests_per_second" { type = number }

provider "clarifai" {
  requests_per_second = var.requests_per_second
}

resource "clarifai_app_key" "k" {
  count       = var.keys
  app_id      = "compare"
  description = "key ${count.index}"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
}
