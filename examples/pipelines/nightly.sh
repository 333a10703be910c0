# nightly.sh
#
# Applies the rotations that are due, and nothing else. Exit codes: 0: everything is as
# configured. 1: an error. 2: something else than a rotation, which it lists and does
# not apply. 3: a rotating key needs attention.
set -euo pipefail

code=0
terraform plan -input=false -lock-timeout=10m -detailed-exitcode -out=nightly.tfplan || code=$?
[ "$code" -ne 1 ] || exit 1

# A rotation updates a clarifai_rotating_app_key in place, and then what depends on its
# fingerprint, such as a secret. Any other change of apps and keys is left to people.
others=$(terraform show -json nightly.tfplan | jq -r '
  .resource_changes[]?
  | select(.mode == "managed" and (.type | startswith("clarifai_")) and .change.actions != ["no-op"])
  | select(.type != "clarifai_rotating_app_key" or .change.actions != ["update"])
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
