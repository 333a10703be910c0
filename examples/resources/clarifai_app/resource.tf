resource "clarifai_app" "acme" {
  id               = "acme-production"
  description      = "Image moderation for Acme"
  default_language = "en"
  visibility       = "PRIVATE"

  metadata = jsonencode({
    tenant      = "acme"
    cost_center = "4711"
  })
}
