package clarifai

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Secret is the value of a key. Printed by accident it shows nothing: only
// [Secret.Reveal] gives the value.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the value from fmt.
func (s Secret) String() string { return mask }

// GoString hides the value from %#v.
func (s Secret) GoString() string { return mask }

// Format hides the value from every verb, also those that are wrong for it.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// MarshalText hides the value from JSON, which structured logs are.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Fingerprint is the first 16 hex digits of the SHA-256 of the key: enough to
// tell keys apart, useless to whoever wants the key.
func (s Secret) Fingerprint() string {
	sum := sha256.Sum256([]byte(s))
	var out [16]byte
	hex.Encode(out[:], sum[:8])
	return string(out[:])
}

const mask = "[redacted]"

// keyLike finds what looks like one of Clarifai's keys. Published examples and
// secret scanners agree on 32 letters and digits.
var keyLike = regexp.MustCompile(`[A-Za-z0-9]{32,}`)

// start is how many bytes of a secret it is looked up by. Each answer is
// redacted and a run may know ten thousand keys, so the text is walked once
// and not once for each.
const start = 8

type redactor struct {
	mu    sync.RWMutex
	long  map[string][]string // by their first bytes
	short []string
}

func newRedactor(secrets ...string) *redactor {
	r := &redactor{long: map[string][]string{}}
	r.add(secrets...)
	return r
}

func (r *redactor) add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range secrets {
		r.learn(s)
		r.learn(url.QueryEscape(s))
		r.learn(url.PathEscape(s))
	}
}

func (r *redactor) learn(form string) {
	switch {
	case form == "":
	case len(form) < start:
		if !slices.Contains(r.short, form) {
			r.short = append(r.short, form)
		}
	case !slices.Contains(r.long[form[:start]], form):
		r.long[form[:start]] = append(r.long[form[:start]], form)
	}
}

// redact replaces what the client knows to be secret, as it is and as URLs and
// base64 carry it.
func (r *redactor) redact(s string) string {
	if s == "" {
		return s
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return base64Like.ReplaceAllStringFunc(r.replace(s), func(run string) string {
		if r.inBase64(run) {
			return mask
		}
		return run
	})
}

func (r *redactor) replace(s string) string {
	var out strings.Builder
	kept := 0
	for i := 0; i+start <= len(s); {
		n := 0
		for _, secret := range r.long[s[i:i+start]] {
			if len(secret) > n && strings.HasPrefix(s[i:], secret) {
				n = len(secret)
			}
		}
		if n == 0 {
			i++
			continue
		}
		out.WriteString(s[kept:i])
		out.WriteString(mask)
		i += n
		kept = i
	}
	if kept > 0 {
		out.WriteString(s[kept:])
		s = out.String()
	}
	for _, secret := range r.short {
		s = strings.ReplaceAll(s, secret, mask)
	}
	return s
}

var (
	base64Like = regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}={0,2}`)
	unURL      = strings.NewReplacer("-", "+", "_", "/")
)

// inBase64 looks behind base64, wherever in it a secret begins.
func (r *redactor) inBase64(run string) bool {
	run = unURL.Replace(strings.TrimRight(run, "="))
	for shift := range 4 {
		part := run[shift:]
		if len(part)%4 == 1 {
			part = part[:len(part)-1]
		}
		text, err := base64.RawStdEncoding.DecodeString(part)
		if err == nil && r.replace(string(text)) != string(text) {
			return true
		}
	}
	return false
}

// foreign redacts text that the server wrote: besides the known secrets,
// everything that looks like a key, because the API echoes keys ("invalid
// key(…)") that the client may never have seen. Keep is spared: a request id
// has a key's form.
func (r *redactor) foreign(s, keep string) string {
	s = r.redact(s)
	return keyLike.ReplaceAllStringFunc(s, func(m string) string {
		if keep != "" && strings.Contains(keep, m) {
			return m
		}
		return mask
	})
}
