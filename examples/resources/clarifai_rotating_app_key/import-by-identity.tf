import {
  to = clarifai_rotating_app_key.predict
  identity = {
    user_id     = "my-organization"
    app_id      = "acme-production"
    fingerprint = "0123456789abcdef"
  }
}
