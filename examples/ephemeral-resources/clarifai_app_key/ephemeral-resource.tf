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

# Neither state nor plan contains the secret.
resource "clarifai_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
  store_key   = false
}

# The key, for the duration of the run. Pass it to a write-only attribute of
# another provider or, as here, to a provider block.
ephemeral "clarifai_app_key" "predict" {
  id = clarifai_app_key.predict.id
}

provider "clarifai" {
  alias = "as_prediction_service"

  # An app key cannot ask who its owner is.
  user_id = clarifai_app.acme.user_id
  pat     = ephemeral.clarifai_app_key.predict.key
}

# Fails if the prediction service cannot read its app.
data "clarifai_app" "as_prediction_service" {
  provider   = clarifai.as_prediction_service
  id         = clarifai_app.acme.id
  depends_on = [clarifai_app_key.predict]
}
