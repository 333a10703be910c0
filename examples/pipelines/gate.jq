# gate.jq
#
# Prints a line for each change of a plan that must not be applied unattended, which is
# every change that is not listed here.
# terraform show -json nightly.tfplan | jq -r -f gate.jq

# The attributes that get another value, or one that is not known yet.
def changed:
  .change as {$before, $after, $after_unknown}
  | [($before, $after, $after_unknown) // {} | keys[]]
  | unique
  | map(select(. as $name | $before[$name] != $after[$name] or ([$after_unknown[$name] | .. | . == true] | any)));

def updates($type; $attributes):
  .type == $type and .change.actions == ["update"] and changed - $attributes == [];

# What hands a new key over: the types of your secret store.
def is_handover:
  (.type | IN("terraform_data", "aws_secretsmanager_secret_version", "azurerm_key_vault_secret", "github_actions_secret",
    "gitlab_project_variable", "google_secret_manager_secret_version", "kubernetes_secret_v1", "vault_kv_secret_v2"))
  and (.change.actions | IN(["update"], ["create", "delete"], ["delete", "create"]));

def may_pass:
  (.change.actions | IN(["no-op"], ["read"]))
  # A rotation, or the end of an overlap, of a key whose configuration is as it was.
  or updates("clarifai_rotating_app_key"; ["created_at", "expires_at", "fingerprint", "id", "key", "key_ids",
    "next_rotation_at", "previous_expires_at", "previous_id", "previous_key", "rotated_at"])
  # A set of exclusive keys that follows a rotation, and that has no other key to revoke.
  or (updates("clarifai_app_keys_exclusive"; ["key_ids", "other_keys"]) and .change.before.other_keys == {})
  or is_handover;

(.resource_changes[]? | select(may_pass and (.change.importing | not) | not) | "\(.address): \(.change.actions | join(" and "))"),
(.action_invocations[]? | "\(.address): action"),
(.deferred_changes[]?.resource_change | "\(.address): deferred")
