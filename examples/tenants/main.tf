# main.tf
#
# One app per tenant with its keys. Each tenant is an instance of the module, so that
# every reference between its resources stays inside that instance: this is what keeps
# the plan of a large fleet fast.

terraform {
  required_version = ">= 1.5"

  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

provider "clarifai" {
  requests_per_second = var.requests_per_second
}

module "tenant" {
  source   = "./modules/tenant"
  for_each = { for id, tenant in var.tenants : id => tenant if var.shard == null || tenant.shard == var.shard }

  id          = each.key
  description = each.value.description
  keys        = each.value.keys
}
