import {
  to = clarifai_rotating_app_key.predict
  id = "my-organization/acme-production/0123456789abcdef"
}
