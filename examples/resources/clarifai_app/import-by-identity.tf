import {
  to = clarifai_app.acme
  identity = {
    user_id = "my-organization"
    id      = "acme-production"
  }
}
