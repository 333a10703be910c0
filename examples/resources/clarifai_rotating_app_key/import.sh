# By ID, which is user_id/app_id/fingerprint. The fingerprint is the first 16 hex digits of the SHA-256 of the key.
terraform import clarifai_rotating_app_key.predict my-organization/acme-production/0123456789abcdef

# By description, if exactly one key of the app has it. In an overlap, the newest one is imported.
terraform import clarifai_rotating_app_key.predict "my-organization/acme-production/description=prediction service"

# Without storing the secret in state, for a configuration with store_key = false
terraform import clarifai_rotating_app_key.predict my-organization/acme-production/0123456789abcdef,store_key=false
