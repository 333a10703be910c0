# Keys in apps, ten in each. They spell the ID of their app instead of referring to it:
# Terraform reads a whole counted resource for each reference to an instance, which is
# quadratic and would hide everything else.
terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" }
  }
}

variable "keys" { type = number }

variable "scopes" { type = list(string) }

provider "clarifai" {
  requests_per_second = 100000
}

resource "clarifai_app" "a" {
  count = ceil(var.keys / 10)
  id    = "bench-${count.index}"
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "k" {
  count       = var.keys
  app_id      = "bench-${floor(count.index / 10)}"
  description = "key ${count.index}"
  scopes      = var.scopes
  depends_on  = [clarifai_app.a]
}
