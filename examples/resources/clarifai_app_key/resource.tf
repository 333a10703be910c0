resource "clarifai_app" "acme" {
  id = "acme-production"
}

# A key that can ask the app's models and workflows for predictions, and nothing else.
resource "clarifai_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]

  # A new value makes a new key.
  keepers = {
    rotated = "2026-01"
  }

  # The new key is there before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

# The secret itself
output "predict_key" {
  value     = clarifai_app_key.predict.key
  sensitive = true
}

# What may be shown: it names the key and does not tell it.
output "predict_key_id" {
  value = clarifai_app_key.predict.id
}
