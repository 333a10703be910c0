// Package leaks runs the real CLI through whole lifecycles of resources, and
// searches every file and everything printed for the secrets of the emulator.
package leaks

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// form is a way to write a secret.
type form struct {
	name string
	text []byte
}

// forms returns every form of a secret that the search looks for. Those in which
// case does not matter are in lower case; the search ignores case.
func forms(secret string) []form {
	b := []byte(secret)
	var percent, unicode strings.Builder
	for _, c := range b {
		fmt.Fprintf(&percent, "%%%02x", c)
		fmt.Fprintf(&unicode, `\u%04x`, c)
	}
	all := []form{
		{"plain", b}, // and cut short, as decoders quote what they cannot read
		{"plain, its beginning", b[:10]}, {"plain, its middle", b[11:21]}, {"plain, its end", b[22:]},
		{"hex", []byte(hex.EncodeToString(b))},
		{"percent", []byte(percent.String())},
		{"JSON escapes", []byte(unicode.String())},
	}
	// The bytes before the secret shift base64 by a third of a group. The groups at
	// both ends depend on the bytes around the secret and are left out.
	for shift := range 3 {
		padded := append(make([]byte, shift), b...)
		padded = padded[:len(padded)/3*3]
		for name, alphabet := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64url": base64.URLEncoding} {
			text := alphabet.EncodeToString(padded)
			if shift > 0 {
				text = text[4:]
			}
			all = append(all, form{fmt.Sprintf("%s shifted by %d", name, shift), []byte(text)})
		}
	}
	return all
}

// leak is a secret in a place where it must not be, named by its fingerprint.
type leak struct {
	file, form, fingerprint, around string
}

// String returns the leak without the secret.
func (l leak) String() string {
	return fmt.Sprintf("%s holds the secret with the fingerprint %s (%s) here: %s", l.file, l.fingerprint, l.form, l.around)
}

// search returns the secrets in a text. It reports each form of a secret once.
func search(file string, text []byte, secrets []string) []leak {
	var found []leak
	lower := bytes.ToLower(text)
	for _, secret := range secrets {
		for _, f := range forms(secret) {
			at := bytes.Index(text, f.text)
			if at < 0 && !strings.HasPrefix(f.name, "base64") {
				at = bytes.Index(lower, bytes.ToLower(f.text))
			}
			if at >= 0 {
				before := text[max(0, at-120):at]
				for _, s := range secrets {
					before = bytes.ReplaceAll(before, []byte(s), []byte("[secret]"))
				}
				found = append(found, leak{file, f.name, clarifai.Secret(secret).Fingerprint(), fmt.Sprintf("%q…", before)})
				break // a plain secret contains the forms that are cut short
			}
		}
	}
	return found
}

// secrets are what to search for: tokens are allowed nowhere, keys only where the
// configuration stores them.
type secrets struct {
	tokens, keys []string
	stored       bool // in the attributes that are for keys
	unmarked     bool // by a CLI that does not mark all of these as sensitive
}

// searchDir searches every file in a folder, and the members of archives.
func (s secrets) searchDir(t *testing.T, dir string) []leak {
	t.Helper()
	var found []leak
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		members, err := unzip(b)
		if err != nil {
			members = map[string][]byte{"": b}
		}
		for member, text := range members {
			found = append(found, s.search(strings.TrimSuffix(name+"/"+member, "/"), text)...)
		}
		return nil
	})
	apitest.Must(t, err)
	return found
}

// search searches one file, without the places where keys are allowed.
func (s secrets) search(file string, text []byte) []leak {
	found := search(file, text, s.tokens)
	if s.stored {
		if s.unmarked && mayHoldKeys(file) {
			text = unmarked.ReplaceAll(text, []byte(`"key":""`))
		}
		text = withoutAllowed(file, text)
	}
	return append(found, search(file, text, s.keys)...)
}

// unzip returns the members of a saved plan.
func unzip(b []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	members := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		members[f.Name], err = io.ReadAll(r)
		if err != nil {
			return nil, err
		}
	}
	return members, nil
}
