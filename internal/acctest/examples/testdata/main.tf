terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
    twin = {
      source = "clarifai/twin"
    }
  }
}

module "tenant" {
  source = "./tenant"
  name   = "acme"
}

# The twin serves plans only: init installs it, and the plan starts it.
resource "twin_app_key" "other_provider" {
  count = 0

  app_id = "unrelated"
  scopes = ["Predict"]
}

resource "terraform_data" "built_in" {
  input = module.tenant.key_id
}
