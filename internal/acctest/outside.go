package acctest

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// MakeApps creates apps of the account outside of Terraform.
func (w *World) MakeApps(t testing.TB, ids ...string) {
	t.Helper()
	for _, id := range ids {
		apitest.Must(t, w.PutApp(emulator.App{ID: id, UserID: w.UserID()}))
	}
}

// MakeKey creates a key of the app "tenant" outside of Terraform, and the app if there is
// none. It returns the key's ID.
func (w *World) MakeKey(t testing.TB, k emulator.Key) string {
	t.Helper()
	if len(w.Apps(w.UserID())) == 0 {
		w.MakeApps(t, "tenant")
	}
	k.ID, k.UserID, k.AppID = emulator.NewSecret(), w.UserID(), "tenant"
	apitest.Must(t, w.PutKey(k))
	return w.UserID() + "/tenant/" + clarifai.Secret(k.ID).Fingerprint()
}

// CheckKeys checks how many keys live.
func (w *World) CheckKeys(t testing.TB, want int) {
	t.Helper()
	if n := w.LiveKeys(); n != want {
		t.Errorf("%d keys live, not %d", n, want)
	}
}
