package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func BenchmarkFindKeyFromListing(b *testing.B) {
	var keys []string
	for n := range 999 {
		keys = append(keys, fmt.Sprintf(`{"id":"key%d","scopes":["Inputs:Get","Inputs:Add","Predict"],"apps":[{"id":"app-%d","user_id":"acme"}]}`, n, n%100))
	}
	inv, j := serve(b, apitest.Pages("keys", strings.Join(keys, ",")))
	listed, _, err := inv.account("acme").keys.fetchAll(b.Context(), 9)
	if err != nil {
		b.Fatal(err)
	}
	f := newFuture[map[string]keysByFingerprint]()
	f.value = listed
	close(f.done)
	inv.account("acme").keys.all = f
	began := len(j.All())
	k := listed["app-42"]
	var fingerprint string
	for fingerprint = range k {
		break
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := inv.FindKey(b.Context(), "acme", "app-42", fingerprint); err != nil {
			b.Fatal(err)
		}
	}
	if len(j.All()) != began {
		b.Fatal("not served from the listing")
	}
}
