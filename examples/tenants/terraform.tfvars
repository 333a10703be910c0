# terraform.tfvars
tenants = {
  acme = {
    description = "Acme Corporation"
    shard       = "a"

    keys = {
      ingest = {
        scopes = [
          "Annotations:Add", "Annotations:Get", "Apps:Get", "Concepts:Get", "Inputs:Add",
          "Inputs:Get", "Models:Get", "Predict", "Workflows:Get",
        ]
      }
      predict = {
        scopes   = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
        rotation = "2026-11"
      }
    }
  }

  globex = {
    description = "Globex"
    shard       = "b"

    keys = {
      predict = {
        scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"]
      }
    }
  }
}
