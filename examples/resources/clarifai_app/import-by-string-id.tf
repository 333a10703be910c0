import {
  to = clarifai_app.acme
  id = "my-organization/acme-production"
}
