resource "clarifai_app" "acme" {
  id = "acme-production"
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
