import {
  to = clarifai_app_keys_exclusive.acme
  id = "my-organization/acme-production"
}
