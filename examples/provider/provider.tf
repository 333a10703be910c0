terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

# The personal access token comes from CLARIFAI_PAT: a configuration is no place for it.
provider "clarifai" {
  user_id = "my-organization"
}
