# tests/tenants.tftest.hcl
#
# Creates, changes and destroys real apps and keys: run it with the emulator.

variables {
  tenants = {
    acme = {
      keys = {
        ingest  = { scopes = ["Apps:Get", "Inputs:Add", "Inputs:Get"] }
        predict = { scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"] }
      }
    }
    globex = {
      keys = {
        predict = { scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"] }
      }
    }
  }
}

run "create" {
  assert {
    condition     = join(", ", flatten([for id, keys in output.key_ids : [for purpose, _ in keys : "${id}/${purpose}"]])) == "acme/ingest, acme/predict, globex/predict"
    error_message = "Each tenant needs the keys of the variable, and no others."
  }

  assert {
    condition     = length(distinct(flatten([for keys in nonsensitive(output.keys) : values(keys)]))) == 3
    error_message = "Each key needs a value of its own."
  }
}

run "rotate_and_add" {
  variables {
    tenants = {
      acme = {
        keys = {
          predict = { scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"], rotation = "2026-12" }
        }
      }
      globex = {
        keys = {
          predict = { scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"] }
          label   = { scopes = ["Apps:Get", "Concepts:Get"] }
        }
      }
    }
  }

  assert {
    condition     = join(", ", flatten([for id, keys in output.key_ids : [for purpose, _ in keys : "${id}/${purpose}"]])) == "acme/predict, globex/label, globex/predict"
    error_message = "Changes to the variable must reach the keys."
  }
}

run "key_without_scopes" {
  command = plan

  variables {
    tenants = {
      acme = { keys = { predict = { scopes = [] } } }
    }
  }

  expect_failures = [var.tenants]
}
