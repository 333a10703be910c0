# An app of the user configured in the provider
terraform import clarifai_app.acme acme-production

# An app of another user or an organization
terraform import clarifai_app.acme my-organization/acme-production
