# A key that a service has and Terraform does not manage, given by TF_VAR_key
variable "key" {
  type      = string
  sensitive = true
  default   = "0123456789abcdef0123456789abcdef"
}

# my-organization/acme-production/3eb1bd439947eb76: what to import it by
output "import_id" {
  value = nonsensitive(provider::clarifai::app_key_id("my-organization", "acme-production", var.key))
}
