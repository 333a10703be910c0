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
	if _, err := inv.account("acme").keyPages.readAll(b.Context(), 9); err != nil {
		b.Fatal(err)
	}
	began := len(j.All())
	fingerprint := inv.account("acme").appKeys("app-42")[0].Fingerprint
	b.ReportAllocs()
	for b.Loop() {
		if _, err := inv.Key(b.Context(), keyIn("app-42", fingerprint), Checked); err != nil {
			b.Fatal(err)
		}
	}
	if len(j.All()) != began {
		b.Fatal("not served from the listing")
	}
}
