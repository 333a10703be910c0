# A key that Terraform does not manage, set with TF_VAR_key
variable "key" {
  type      = string
  sensitive = true
  default   = "0123456789abcdef0123456789abcdef"
}

# The import ID: my-organization/acme-production/3eb1bd439947eb76
output "import_id" {
  value = nonsensitive(provider::clarifai::app_key_id("my-organization", "acme-production", var.key))
}
