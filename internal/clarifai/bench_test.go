package clarifai

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// pageOf returns a page of n keys with that many scopes each, ten keys per app.
func pageOf(n, scopes int) []byte {
	var list []string
	for i := range scopes {
		list = append(list, fmt.Sprintf(`"Scope%02d:Get"`, i))
	}
	var keys []string
	for i := range n {
		keys = append(keys, fmt.Sprintf(`{"id":%q,"type":"app_specific_key","description":"tenant %d","scopes":[%s],"apps":[{"id":"app-%d","user_id":"acme"}],"created_at":"2025-02-28T09:41:55.568082659Z"}`,
			apitest.NewSecret(), i, strings.Join(list, ","), i/10))
	}
	return []byte(apitest.OKStatus + `,"keys":[` + strings.Join(keys, ",") + `]}`)
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
					if _, ok := c.keyOf("acme", "", w); !ok {
						b.Fatal("no key")
					}
				}
			}
		})
	}
}

func BenchmarkFingerprint(b *testing.B) {
	s := Secret(apitest.NewSecret())
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Fingerprint()
	}
}

func BenchmarkRedactWith10000Secrets(b *testing.B) {
	c := mustNew(b, testConfig())
	for range 10000 {
		c.secrets.add(apitest.NewSecret())
	}
	text := "invalid key(" + apitest.NewSecret() + ") for users/acme/apps/shop, request terraform-provider-clarifai-1.2.3-" + apitest.NewSecret()
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Redact(text)
	}
}
