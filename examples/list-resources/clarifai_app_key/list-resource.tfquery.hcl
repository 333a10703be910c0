# Write the configuration that imports what is listed:
# terraform query -generate-config-out=adopted.tf

list "clarifai_app_key" "all" {
  provider = clarifai
  limit    = 10000
}

# The keys of one app
list "clarifai_app_key" "acme" {
  provider = clarifai

  config {
    app_id = "acme-production"
  }
}

# The keys that may do everything within their app
list "clarifai_app_key" "unlimited" {
  provider = clarifai

  config {
    scope = "All"
  }
}
