// Package key is what every type says of an app-specific API key: how it is named,
// found, limited and revoked. Clarifai's ID of a key is the secret itself; the ID here
// is user_id/app_id/fingerprint, which is safe to show.
package key

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Ref is what finds a key, without its secret.
type Ref struct {
	UserID      string `json:"user_id"`
	AppID       string `json:"app_id"`
	Fingerprint string `json:"fingerprint"`
}

// ID returns user_id/app_id/fingerprint.
func (r Ref) ID() string {
	return clarifai.Key{UserID: r.UserID, AppID: r.AppID, Fingerprint: r.Fingerprint}.ID()
}

// App returns the key's app with its owner, as messages name it.
func (r Ref) App() string { return r.UserID + "/" + r.AppID }

// LookTimeout is how long a plan waits for the keys of an app, about which it only
// warns.
const LookTimeout = 5 * time.Second
