package clarifai

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// pageOf is a page of n keys with so many scopes each, ten keys an app.
func pageOf(n, scopes int) []byte {
	var list []string
	for i := range scopes {
		list = append(list, fmt.Sprintf(`"Scope%02d:Get"`, i))
	}
	var keys []string
	for i := range n {
		keys = append(keys, fmt.Sprintf(`{"id":%q,"type":"app_specific_key","description":"tenant %d","scopes":[%s],"apps":[{"id":"app-%d","user_id":"acme"}],"created_at":"2025-02-28T09:41:55.568082659Z"}`,
			newSecret(), i, strings.Join(list, ","), i/10))
	}
	return []byte(okStatus + `,"keys":[` + strings.Join(keys, ",") + `]}`)
}

func BenchmarkDecodePage(b *testing.B) {
	for _, scopes := range []int{3, 60} {
		b.Run(fmt.Sprintf("1000 keys of %d scopes", scopes), func(b *testing.B) {
			page := pageOf(1000, scopes)
			c := mustNew(b, testConfig())
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				var out keysAnswer
				if _, err := decode(&out, page); err != nil || len(out.Keys) != 1000 {
					b.Fatal(err)
				}
				for _, w := range out.Keys {
					if _, ok := c.key("acme", "", w); !ok {
						b.Fatal("no key")
					}
				}
			}
		})
	}
}

func BenchmarkFingerprint(b *testing.B) {
	s := Secret(newSecret())
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Fingerprint()
	}
}

func BenchmarkFindKeyFromListing(b *testing.B) {
	page := string(pageOf(999, 3))
	c, j := serve(b, func(w http.ResponseWriter, r *http.Request) { reply(200, page)(w, r) })
	listed, err := c.account("acme").rings.all(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f := newFuture[map[string]keyring]()
	f.v = listed
	close(f.done)
	c.account("acme").rings.listing = f
	began := len(j.all())
	k := listed["app-42"]
	var print string
	for print = range k {
		break
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.FindKey(b.Context(), "acme", "app-42", print); err != nil {
			b.Fatal(err)
		}
	}
	if len(j.all()) != began {
		b.Fatal("not served from the listing")
	}
}

func BenchmarkRedactWith10000Secrets(b *testing.B) {
	c := mustNew(b, testConfig())
	for range 10000 {
		c.secrets.add(newSecret())
	}
	text := "invalid key(" + newSecret() + ") for users/acme/apps/shop, request terraform-provider-clarifai-1.2.3-" + newSecret()
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Redact(text)
	}
}
