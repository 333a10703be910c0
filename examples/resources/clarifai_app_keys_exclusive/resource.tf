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
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
}

# The app has this key and no other. A key that somebody adds by hand shows in the
# next plan, whose apply revokes it.
resource "clarifai_app_keys_exclusive" "acme" {
  app_id  = clarifai_app.acme.id
  key_ids = [clarifai_app_key.predict.id]
}
