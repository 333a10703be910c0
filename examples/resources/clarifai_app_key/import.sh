# The id is user_id/app_id/fingerprint; the fingerprint is the first 16 hex digits of the key's SHA-256
terraform import clarifai_app_key.predict my-organization/acme-production/0123456789abcdef

# By description, where exactly one key of the app has it
terraform import clarifai_app_key.predict "my-organization/acme-production/description=prediction service"

# Without the secret ever reaching the state; the configuration sets store_key = false
terraform import clarifai_app_key.predict my-organization/acme-production/0123456789abcdef,store_key=false
