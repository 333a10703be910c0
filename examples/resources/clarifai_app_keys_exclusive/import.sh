# All keys that the app has are taken for those to keep. The first plan shows which of them the configuration leaves out.
terraform import clarifai_app_keys_exclusive.acme my-organization/acme-production
