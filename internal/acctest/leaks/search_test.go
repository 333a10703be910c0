// Package leaks searches everything that whole lives of resources leave behind
// for the secrets that the emulator made.
package leaks

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// form is one way in which a secret may be written.
type form struct {
	name string
	text []byte
}

// forms are all ways that are looked for. Letters are in lower case where case
// does not matter to a reader: the haystack is searched in both.
func forms(secret string) []form {
	b := []byte(secret)
	var percent, unicode strings.Builder
	for _, c := range b {
		fmt.Fprintf(&percent, "%%%02x", c)
		fmt.Fprintf(&unicode, `\u%04x`, c)
	}
	all := []form{
		{"clear", b}, // and cut short, as decoders quote what they can not read
		{"clear, its beginning", b[:10]}, {"clear, its middle", b[11:21]}, {"clear, its end", b[22:]},
		{"hex", []byte(hex.EncodeToString(b))},
		{"percent", []byte(percent.String())},
		{"JSON escapes", []byte(unicode.String())},
	}
	// What stands before it shifts base64 by a third of a group; the groups at
	// both ends depend on the neighbours and are left off.
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

// leak is a secret in a place where it must not be. It does not tell the secret.
type leak struct {
	file, form, fingerprint, around string
}

func (l leak) String() string {
	return fmt.Sprintf("%s holds the secret with the fingerprint %s (%s) here: %s", l.file, l.fingerprint, l.form, l.around)
}

func fingerprint(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])[:16]
}

// search looks for secrets in a text. Each form of each secret is told once.
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
				found = append(found, leak{file, f.name, fingerprint(secret), fmt.Sprintf("%q…", before)})
				break // the other forms of clear are in it
			}
		}
	}
	return found
}

// secrets are what is looked for: tokens are allowed nowhere, keys only where
// the configuration wants them stored.
type secrets struct {
	tokens, keys []string
	stored       bool
}

// searchDir searches every file below dir, and what is in those that are archives.
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
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (s secrets) search(file string, text []byte) []leak {
	found := search(file, text, s.tokens)
	if s.stored {
		text = withoutAllowed(file, text)
	}
	return append(found, search(file, text, s.keys)...)
}

// unzip gives the members of a saved plan.
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
