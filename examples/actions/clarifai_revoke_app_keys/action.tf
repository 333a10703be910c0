# Revoke one key, which nothing else has to manage:
# terraform apply -invoke=action.clarifai_revoke_app_keys.leaked -refresh=false
action "clarifai_revoke_app_keys" "leaked" {
  config {
    app_id  = "acme-production"
    key_ids = ["my-organization/acme-production/0123456789abcdef"]
  }
}

# Revoke all keys of the app but one
action "clarifai_revoke_app_keys" "all_but_one" {
  config {
    app_id         = "acme-production"
    except_key_ids = ["my-organization/acme-production/fedcba9876543210"]
  }
}

# Revoke every key of the app
action "clarifai_revoke_app_keys" "all" {
  config {
    app_id         = "acme-production"
    except_key_ids = []
    allow_none     = true
  }
}
