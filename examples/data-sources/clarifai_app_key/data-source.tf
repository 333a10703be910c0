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

# By ID, which is not secret
data "clarifai_app_key" "by_id" {
  id = clarifai_app_key.predict.id
}

# By description, if exactly one key of the app has it
data "clarifai_app_key" "by_description" {
  app_id      = clarifai_app_key.predict.app_id
  description = clarifai_app_key.predict.description
}

output "predict_key" {
  value     = data.clarifai_app_key.by_id.key
  sensitive = true
}
