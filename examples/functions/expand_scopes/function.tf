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

# Inputs:Add depends on Inputs:Get, so the key gets both.
resource "clarifai_app_key" "upload" {
  app_id      = clarifai_app.acme.id
  description = "upload service"
  scopes      = provider::clarifai::expand_scopes(["Apps:Get", "Inputs:Add"])
}
