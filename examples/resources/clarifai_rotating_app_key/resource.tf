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

# A key that is replaced every 90 days. The old one stays alive for another week, so
# that the prediction service has time to pick up the new one.
resource "clarifai_rotating_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]

  rotation_period = "90d"
  overlap         = "7d"

  # In a fleet, keys that were created together rotate on different days.
  rotation_spread = "14d"
}

# The current key, which is secret
output "predict_key" {
  value     = clarifai_rotating_app_key.predict.key
  sensitive = true
}

# From when on an apply rotates the key
output "predict_key_next_rotation" {
  value = clarifai_rotating_app_key.predict.next_rotation_at
}
