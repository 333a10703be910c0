# Reads the secrets from the state.

data "clarifai_app_key" "by_id" {
  id = clarifai_app_key.k.id
}

data "clarifai_app_key" "by_description" {
  app_id      = clarifai_app_key.k.app_id
  description = clarifai_app_key.k.description
}

output "secret" {
  value     = clarifai_app_key.k.key
  sensitive = true
}
