# shard.tf
#
# A state belongs to one shard. Without this, a plan of one shard with the state of
# another would delete the apps of all its tenants.

resource "terraform_data" "shard" {
  input = { shard = var.shard }

  lifecycle {
    ignore_changes = [input]
  }
}

output "shard" {
  description = "The shard that this state belongs to."
  value       = terraform_data.shard.output.shard

  precondition {
    condition     = terraform_data.shard.output.shard == var.shard
    error_message = "This state belongs to another shard. Use the state of the shard that the variable names."
  }
}
