resource "clarifai_app" "acme" {
  id = "acme-production"
}

# Terraform creates the key when it needs it and revokes it when it is done.
ephemeral "clarifai_temporary_app_key" "check" {
  app_id      = clarifai_app.acme.id
  description = "can the app be read?"
  scopes      = ["Apps:Get", "Models:Get", "Workflows:Get"]

  # Unknown until the app exists, so that Terraform does not create the key
  # before the app.
  user_id = clarifai_app.acme.user_id
}

provider "clarifai" {
  alias = "check"

  # An app key cannot ask who its owner is.
  user_id = clarifai_app.acme.user_id
  pat     = ephemeral.clarifai_temporary_app_key.check.key
}

data "clarifai_app" "check" {
  provider   = clarifai.check
  id         = clarifai_app.acme.id
  depends_on = [clarifai_app.acme]
}
