# alerts.jq
#
# Prints a line for each rotating key of a state that needs attention:
# terraform show -json | jq -r -f alerts.jq
..
| objects
| select(.mode? == "managed" and .type? == "clarifai_rotating_app_key")
| .address as $address
| .values
| ((.next_rotation_at // empty | select((fromdate + 25 * 3600) < now) | "\($address) was to rotate at \(.)"),
  (.previous_expires_at // empty | select((fromdate - 48 * 3600) < now) | "\($address): the previous key ends at \(.)"))
