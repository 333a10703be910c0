# nightly.sh
#
# Applies the rotations that are due, and no other change of apps and keys. Exit codes:
# 0: everything is as configured. 1: an error. 2: other changes, which it lists and does
# not apply. 3: a rotating key needs attention.
set -euo pipefail

code=0
terraform plan -input=false -lock-timeout=10m -detailed-exitcode -out=nightly.tfplan || code=$?
[ "$code" -ne 1 ] || exit 1

# A rotation updates a clarifai_rotating_app_key and the clarifai_app_keys_exclusive of
# its app, changes none of their settings and revokes no key that nothing manages. Then
# it updates what depends on its fingerprint, such as a secret.
others=$(terraform show -json nightly.tfplan | jq -r '
  def settings: {
    app_id, user_id, description, scopes, endpoints, keepers, store_key,
    rotation_period, overlap, rotation_spread, allow_none
  };
  .resource_changes[]?
  | select(.mode == "managed" and (.type | startswith("clarifai_")) and .change.actions != ["no-op"])
  | select((
      (.type == "clarifai_rotating_app_key" or .type == "clarifai_app_keys_exclusive")
      and .change.actions == ["update"]
      and (.change.before | settings) == (.change.after | settings)
      and (.change.before.other_keys // {}) == {}
    ) | not)
  | "\(.address): \(.change.actions | join(" and "))"')
if [ -n "$others" ]; then
  printf 'These are not rotations, so nothing is applied:\n%s\n' "$others"
elif [ "$code" -eq 2 ]; then
  terraform apply -input=false nightly.tfplan
fi

alerts=$(terraform show -json | jq -r -f alerts.jq)
[ -z "$alerts" ] || printf '%s\n' "$alerts"

[ -z "$others" ] || exit 2
[ -z "$alerts" ] || exit 3
