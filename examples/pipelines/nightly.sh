# nightly.sh
#
# Applies the rotations that are due, and nothing else. Exit codes: 0: everything is as
# configured. 1: an error. 2: something else than a rotation, which it lists and does
# not apply. 3: a rotating key needs attention.
set -euo pipefail

code=0
terraform plan -input=false -no-color -lock-timeout=10m -detailed-exitcode -out=nightly.tfplan | tee nightly.txt || code=$?
[ "$code" -ne 1 ] || exit 1

# What may pass is in gate.jq: rotations, and what depends on them. Everything else is left
# to people, and so is a plan that revokes keys of which only its warnings tell.
others=$(terraform show -json nightly.tfplan | jq -r -f gate.jq)
warned=$(grep -E 'Warning: .* that the apply .*revoke' nightly.txt || true)
others+=${warned:+$'\n'$warned}
if [ -n "$others" ]; then
  printf 'These are not rotations, so nothing is applied:\n%s\n' "$others"
elif [ "$code" -eq 2 ]; then
  terraform apply -input=false nightly.tfplan
fi

alerts=$(terraform show -json | jq -r -f alerts.jq)
[ -z "$alerts" ] || printf '%s\n' "$alerts"

[ -z "$others" ] || exit 2
[ -z "$alerts" ] || exit 3
