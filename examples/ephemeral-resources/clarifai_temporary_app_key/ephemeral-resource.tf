resource "clarifai_app" "acme" {
  id = "acme-production"
}

# Made when Terraform needs it, revoked when Terraform is done with it.
ephemeral "clarifai_temporary_app_key" "check" {
  app_id      = clarifai_app.acme.id
  description = "can the app be read?"
  scopes      = ["Apps:Get", "Models:Get", "Workflows:Get"]

  # Known only after the app is made, so that Terraform does not ask for a key
  # of an app that is not there yet.
  user_id = clarifai_app.acme.user_id
}

provider "clarifai" {
  alias = "check"
  pat   = ephemeral.clarifai_temporary_app_key.check.key
}

data "clarifai_app" "check" {
  provider   = clarifai.check
  id         = clarifai_app.acme.id
  depends_on = [clarifai_app.acme]
}
