# alerts.jq
#
# Prints a line for each rotating key of a state that needs attention: a rotation that
# is a day late, and a previous key in the last third of its overlap.
# terraform show -json | jq -r -f alerts.jq
..
| objects
| select(.mode? == "managed" and .type? == "clarifai_rotating_app_key")
| .address as $address
| .values
| (select(.next_rotation_at and (.next_rotation_at | fromdate) + 25 * 3600 < now)
    | "\($address) was to rotate at \(.next_rotation_at)"),
  (select(.previous_expires_at)
    | (.previous_expires_at | fromdate) as $until
    | select($until - now < ($until - (.rotated_at | fromdate)) / 3)
    | "\($address): the previous key ends at \(.previous_expires_at)")
