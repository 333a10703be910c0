resource "clarifai_app" "acme" {
  id               = "acme-production"
  default_workflow = { id = "Empty", user_id = "clarifai", app_id = "main" }
}

# A key that expires by itself. If Clarifai does not take the date, the apply fails. A
# later date creates a new key and then revokes this one.
resource "clarifai_app_key" "contractor" {
  app_id      = clarifai_app.acme.id
  description = "contractor, until the end of 2099"
  scopes      = ["Annotations:Get", "Apps:Get", "Concepts:Get", "Inputs:Get"]
  expires_at  = "2100-01-01T00:00:00Z" # or time_offset.NAME.rfc3339, but not timestamp()
}
