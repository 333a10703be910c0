# Every resource and data source. The secrets are in the state or not.

variable "app" {
  type = string
}

variable "description" {
  type = string
}

variable "round" {
  type = string
}

variable "more" {
  type = number
}

variable "stored" {
  type = bool
}

resource "clarifai_app" "t" {
  id          = var.app
  description = var.description
}

resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = var.description
  scopes      = ["Apps:Get", "Models:Get", "Predict", "Workflows:Get"]
  store_key   = var.stored
  keepers     = { round = var.round }
}

resource "clarifai_app_key" "more" {
  count       = var.more
  app_id      = clarifai_app.t.id
  description = "more ${count.index} ${var.description}"
  scopes      = ["Predict"]
  store_key   = var.stored
}

resource "clarifai_rotating_app_key" "r" {
  app_id          = clarifai_app.t.id
  description     = "rotating ${var.description}"
  scopes          = ["Predict"]
  store_key       = var.stored
  rotation_period = "90d"
  overlap         = "7d"
  keepers         = { round = var.round }
}

resource "clarifai_app_keys_exclusive" "e" {
  app_id  = clarifai_app.t.id
  key_ids = setunion([clarifai_app_key.k.id], clarifai_app_key.more[*].id, clarifai_rotating_app_key.r.key_ids)
}

data "clarifai_app" "d" {
  id = clarifai_app.t.id
}

data "clarifai_app_keys" "all" {
  app_id = clarifai_app_key.k.app_id
}

data "clarifai_app_keys" "account" {
  depends_on = [clarifai_app_key.k]
}

data "clarifai_apps" "account" {
  depends_on = [clarifai_app_key.k]
}

data "clarifai_scopes" "all" {}

data "clarifai_user" "owner" {}

output "account" {
  value = [data.clarifai_app_keys.account.keys, data.clarifai_apps.account.apps, data.clarifai_scopes.all.granted, data.clarifai_user.owner]
}

output "other_keys" {
  value = clarifai_app_keys_exclusive.e.other_keys
}

output "ids" {
  value = clarifai_app_key.more[*].id
}

output "keys" {
  value = data.clarifai_app_keys.all.keys
}
