# A key that rotates every 90 days and whose value is in neither state nor plan. Each
# new value is passed on in the apply that rotates it: see README.md.

terraform {
  required_version = ">= 1.11"

  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

resource "clarifai_app" "acme" {
  id = "acme-production"

  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_rotating_app_key" "predict" {
  app_id          = clarifai_app.acme.id
  description     = "prediction service"
  scopes          = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
  rotation_period = "90d"
  overlap         = "7d"
  store_key       = false
}

# The current value, for the duration of the run
ephemeral "clarifai_app_key" "predict" {
  id = clarifai_rotating_app_key.predict.id
}

locals {
  # A different number for each key, for the version of a write-only attribute. It is
  # derived from the fingerprint and does not reveal the key.
  key_version = parseint(substr(clarifai_rotating_app_key.predict.fingerprint, 0, 12), 16)
}

# Passes the value on whenever the fingerprint changes. With a secret store, use its
# resource with a write-only attribute instead, such as
#
#   resource "aws_secretsmanager_secret_version" "predict" {
#     secret_id                = aws_secretsmanager_secret.predict.id
#     secret_string_wo         = ephemeral.clarifai_app_key.predict.key
#     secret_string_wo_version = local.key_version
#   }
resource "terraform_data" "publish" {
  triggers_replace = local.key_version

  provisioner "local-exec" {
    command     = "test -n \"$CLARIFAI_API_KEY\" # hand it to the prediction service here"
    environment = { CLARIFAI_API_KEY = ephemeral.clarifai_app_key.predict.key }
  }
}
