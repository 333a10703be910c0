# modules/tenant/outputs.tf
output "key_ids" {
  description = "The ID of each key by purpose. An ID does not reveal the key."
  value       = { for purpose, key in clarifai_app_key.this : purpose => key.id }
}

output "keys" {
  description = "The keys by purpose."
  value       = { for purpose, key in clarifai_app_key.this : purpose => key.key }
  sensitive   = true
}
