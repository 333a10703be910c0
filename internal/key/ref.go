// Package key is what every type says of an app-specific API key: how it is named,
// found, limited and revoked. Clarifai's ID of a key is the secret itself; the ID here
// is user_id/app_id/fingerprint, which is safe to show.
package key

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Ref is what finds a key, without its secret.
type Ref = clarifai.KeyRef

// LookTimeout is how long a plan waits for the keys of an app, about which it only
// warns.
const LookTimeout = 5 * time.Second
