package clarifai

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// mask replaces a secret.
const mask = "[redacted]"

// keyLike matches what looks like one of Clarifai's keys. Published examples and
// secret scanners agree on 32 letters and digits.
var keyLike = regexp.MustCompile(`[A-Za-z0-9]{32,}`)

// RedactKeys replaces whatever looks like a key in s.
func RedactKeys(s string) string { return keyLike.ReplaceAllString(s, mask) }

// IsKeyLike reports whether all of s looks like a key.
func IsKeyLike(s string) bool { return s != "" && RedactKeys(s) == mask }

// prefixLength is how many bytes of a secret it is looked up by. Each answer is
// redacted and a run may know ten thousand keys, so a text is scanned once and
// not once per key.
const prefixLength = 8

// redactor replaces secrets in texts: those that it knows, and what looks like
// one.
type redactor struct {
	mu    sync.RWMutex
	long  map[string][]string // by prefix
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
	case len(form) < prefixLength:
		if !slices.Contains(r.short, form) {
			r.short = append(r.short, form)
		}
	case !slices.Contains(r.long[form[:prefixLength]], form):
		r.long[form[:prefixLength]] = append(r.long[form[:prefixLength]], form)
	}
}

// redact replaces the known secrets, as they are and as URLs and base64 encode
// them.
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
	for i := 0; i+prefixLength <= len(s); {
		n := 0
		for _, secret := range r.long[s[i:i+prefixLength]] {
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

// inBase64 reports whether run is base64 that holds a secret at any offset.
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

// redactForeign redacts text that the server wrote. Besides the known secrets it
// replaces everything that looks like a key, because the API echoes keys
// ("invalid key(…)") that the client may never have seen. It spares keep: a
// request ID looks like a key.
func (r *redactor) redactForeign(s, keep string) string {
	s = r.redact(s)
	return keyLike.ReplaceAllStringFunc(s, func(m string) string {
		if keep != "" && strings.Contains(keep, m) {
			return m
		}
		return mask
	})
}
