# modules/tenant/main.tf
terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

resource "clarifai_app" "this" {
  id          = var.id
  description = var.description

  # An app key cannot use models of other apps, not even Clarifai's own. This base
  # workflow uses no model; without it, the app gets one of Clarifai's.
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "this" {
  for_each = var.keys

  app_id      = clarifai_app.this.id
  description = each.key
  scopes      = each.value.scopes
  keepers     = each.value.rotation == null ? null : { rotation = each.value.rotation }
}
