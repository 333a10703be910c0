resource "clarifai_app" "acme" {
  id = "acme-production"
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
