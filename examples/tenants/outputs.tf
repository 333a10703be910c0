# outputs.tf
output "key_ids" {
  description = "The ID of each key by tenant and purpose. An ID does not reveal the key."
  value       = { for id, tenant in module.tenant : id => tenant.key_ids }
}

output "keys" {
  description = "The keys by tenant and purpose."
  value       = { for id, tenant in module.tenant : id => tenant.keys }
  sensitive   = true
}
