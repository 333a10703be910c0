# Write the configuration that imports what is listed:
# terraform query -generate-config-out=adopted.tf

list "clarifai_app" "all" {
  provider = clarifai
  limit    = 10000
}

# The apps of one tenant
list "clarifai_app" "acme" {
  provider = clarifai

  config {
    id_prefix = "acme-"
  }
}
