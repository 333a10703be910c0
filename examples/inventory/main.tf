# What deserves a look in an account: a plan warns of it, and changes nothing.
# Three requests, however many apps there are, plus one per 1,000 keys.

variable "max_age" {
  type        = string
  default     = "2160h" # 90 days
  description = "How old a key may be."
}

variable "tolerated_key_ids" {
  type        = set(string)
  default     = []
  description = "Keys that other configurations manage."
}

resource "clarifai_app" "acme" {
  id = "acme-production"

  # An app key cannot use models of other apps, not even Clarifai's own. This base
  # workflow uses no model; without it, the app gets one of Clarifai's.
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "predict" {
  app_id      = clarifai_app.acme.id
  description = "prediction service"
  scopes      = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"]
}

data "clarifai_app_keys" "account" {
  # Not before the keys of this configuration exist.
  depends_on = [clarifai_app_key.predict]
}

locals {
  managed = setunion([clarifai_app_key.predict.id], var.tolerated_key_ids)

  labels = { for k in data.clarifai_app_keys.account.keys : k.id => "${k.id} (${coalesce(k.description, "no description")})" }

  old_keys = [
    for k in data.clarifai_app_keys.account.keys : local.labels[k.id]
    if timecmp(timeadd(coalesce(k.created_at, "1970-01-01T00:00:00Z"), var.max_age), plantimestamp()) < 0
  ]
  all_keys = [
    for k in data.clarifai_app_keys.account.keys : local.labels[k.id]
    if contains(k.scopes, "All")
  ]
  unmanaged_keys = [
    for k in data.clarifai_app_keys.account.keys : local.labels[k.id]
    if !contains(local.managed, k.id)
  ]
}

check "no_old_keys" {
  assert {
    condition     = length(local.old_keys) == 0
    error_message = "Keys older than ${var.max_age}:\n${join("\n", local.old_keys)}"
  }
}

check "no_key_has_all_scopes" {
  assert {
    condition     = length(local.all_keys) == 0
    error_message = "Keys with the scope All:\n${join("\n", local.all_keys)}"
  }
}

check "every_key_is_managed" {
  assert {
    condition     = length(local.unmanaged_keys) == 0
    error_message = "Keys that no configuration manages:\n${join("\n", local.unmanaged_keys)}"
  }
}

output "unmanaged_keys" {
  value = local.unmanaged_keys
}
