# modules/tenant/variables.tf
variable "id" {
  description = "The ID of the tenant's app."
  type        = string
}

variable "description" {
  description = "The description of the app."
  type        = string
  default     = null
}

variable "keys" {
  description = "The keys by purpose. A change of rotation rotates the key."

  type = map(object({
    scopes   = set(string)
    rotation = optional(string)
  }))
}
