terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

variable "name" {
  type = string
}

resource "clarifai_app" "this" {
  id = var.name
}

resource "clarifai_app_key" "this" {
  app_id = clarifai_app.this.id
  scopes = ["Predict"]
}

output "key_id" {
  value = clarifai_app_key.this.id
}
