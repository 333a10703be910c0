import {
  to = clarifai_app_keys_exclusive.acme
  identity = {
    user_id = "my-organization"
    app_id  = "acme-production"
  }
}
