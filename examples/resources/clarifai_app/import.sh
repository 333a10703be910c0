# An app of the provider's user
terraform import clarifai_app.acme acme-production

# An app of another user or of an organization
terraform import clarifai_app.acme my-organization/acme-production
