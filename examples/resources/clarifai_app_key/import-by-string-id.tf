import {
  to = clarifai_app_key.predict
  id = "my-organization/acme-production/0123456789abcdef"
}
