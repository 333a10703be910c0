package cli

import (
	"net/http/httptest"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Account is where an emulator is served, and the account to use there.
type Account struct {
	URL, UserID, PAT string
}

// Serve serves an emulator until stop is called.
func Serve(e *emulator.Emulator) (a Account, stop func()) {
	server := httptest.NewServer(e)
	return Account{URL: server.URL, UserID: e.UserID(), PAT: e.PAT()}, server.Close
}

// Environment returns the provider's settings for the account. They go into the
// environment so that no file holds the PAT.
func (a Account) Environment() []string {
	return []string{"CLARIFAI_API_BASE=" + a.URL, "CLARIFAI_USER_ID=" + a.UserID, "CLARIFAI_PAT=" + a.PAT}
}
