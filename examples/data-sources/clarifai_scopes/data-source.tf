data "clarifai_scopes" "current" {}

locals {
  # What this configuration's resources need of the token
  needed = ["Apps:Get", "Keys:Add", "Keys:Get", "Workflows:Get"]
}

check "token_scopes" {
  assert {
    condition     = length(setsubtract(local.needed, data.clarifai_scopes.current.granted)) == 0
    error_message = "The token lacks ${join(", ", setsubtract(local.needed, data.clarifai_scopes.current.granted))}."
  }
}

# Scopes that app keys can use, without deprecated ones
output "app_key_scopes" {
  value = [for s in data.clarifai_scopes.current.scopes : s.name if s.app_keys && s.offered && !s.deprecated]
}
