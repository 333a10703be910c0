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

# A key for a service that requests predictions and reads inputs, and nothing else
resource "clarifai_app_key" "service" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = provider::clarifai::required_scopes(["PostModelOutputs", "ListInputs"])
}
