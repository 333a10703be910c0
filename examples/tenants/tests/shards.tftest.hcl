# tests/shards.tftest.hcl
variables {
  tenants = {
    acme   = { shard = "a", keys = { predict = { scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"] } } }
    globex = { shard = "b", keys = { predict = { scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"] } } }
  }
}

run "shard_a" {
  variables {
    shard = "a"
  }

  assert {
    condition     = join(", ", keys(output.key_ids)) == "acme"
    error_message = "A shard must have its own tenants only."
  }
}

run "state_of_another_shard" {
  command = plan

  variables {
    shard = "b"
  }

  expect_failures = [output.shard]
}
