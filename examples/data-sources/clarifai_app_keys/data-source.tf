resource "clarifai_app" "acme" {
  id = "acme-production"

  # An app key cannot use models of other apps, not even Clarifai's own. This base
  # workflow uses no model; without it, the app gets one of Clarifai's.
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"]
}

# All keys of the app, without their secrets
data "clarifai_app_keys" "acme" {
  app_id = clarifai_app_key.predict.app_id
}

output "descriptions_by_key_id" {
  value = { for key in data.clarifai_app_keys.acme.keys : key.id => key.description }
}

# All keys of the account
data "clarifai_app_keys" "account" {
  depends_on = [clarifai_app_key.predict]
}

# Keys that this configuration does not manage
output "other_keys" {
  value = [for key in data.clarifai_app_keys.account.keys : key.id if key.id != clarifai_app_key.predict.id]
}
