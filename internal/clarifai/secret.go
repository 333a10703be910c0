package clarifai

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Secret is the value of a key. Printed by accident it shows nothing: only
// [Secret.Reveal] returns the value.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the value from fmt.
func (s Secret) String() string { return mask }

// GoString hides the value from %#v.
func (s Secret) GoString() string { return mask }

// Format hides the value from every verb, even from those that do not fit it.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// MarshalText hides the value from JSON, the form of structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Fingerprint returns the first 16 hex digits of the SHA-256 of the key: enough
// to tell keys apart, useless for recovering the key.
func (s Secret) Fingerprint() string {
	sum := sha256.Sum256([]byte(s))
	var out [16]byte
	hex.Encode(out[:], sum[:8])
	return string(out[:])
}
