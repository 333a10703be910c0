# All apps of the account
data "clarifai_apps" "all" {}

# Production apps that everybody can see
data "clarifai_apps" "public" {
  id_prefix  = "prod-"
  visibility = "PUBLIC"
}

output "app_ids" {
  value = data.clarifai_apps.all.apps[*].id
}

# A warning in every plan in which a production app is public
check "no_public_production_app" {
  assert {
    condition     = length(data.clarifai_apps.public.apps) == 0
    error_message = "Public: ${join(", ", data.clarifai_apps.public.apps[*].id)}"
  }
}
