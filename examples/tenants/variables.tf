# variables.tf
variable "tenants" {
  description = "The tenants by the ID of their app."
  nullable    = false

  type = map(object({
    description = optional(string)
    shard       = optional(string)

    # By purpose. A change of rotation rotates the key.
    keys = map(object({
      scopes   = set(string)
      rotation = optional(string)
    }))
  }))

  validation {
    condition     = alltrue([for tenant in var.tenants : alltrue([for key in tenant.keys : length(key.scopes) > 0])])
    error_message = "Every key needs at least one scope."
  }
}

variable "shard" {
  description = "The shard whose tenants this state holds. Null: all tenants."
  type        = string
  default     = null
}

variable "requests_per_second" {
  description = "The share of this run in the account's rate limit, which all runs at the same time share."
  type        = number
  default     = 15
}
