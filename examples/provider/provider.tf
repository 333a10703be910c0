terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

# The environment variable CLARIFAI_PAT sets the personal access token, which
# keeps it out of the configuration.
provider "clarifai" {
  user_id = "my-organization"
}
