resource "clarifai_app" "acme" {
  id          = "acme-production"
  description = "Image moderation for Acme"
}

data "clarifai_app" "acme" {
  id = clarifai_app.acme.id
}

output "acme_created_at" {
  value = data.clarifai_app.acme.created_at
}
