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

# A key that can only request predictions from the app's models and workflows.
resource "clarifai_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]

  # A new value creates a new key.
  keepers = {
    rotated = "2026-01"
  }

  # Create the new key before deleting the old one.
  lifecycle {
    create_before_destroy = true
  }
}

# The key itself, which is secret
output "predict_key" {
  value     = clarifai_app_key.predict.key
  sensitive = true
}

# The ID of the key, which is not secret
output "predict_key_id" {
  value = clarifai_app_key.predict.id
}
