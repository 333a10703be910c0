package revoke_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestRevokeAppKeys_canceled: a canceled run finishes the key that it has begun, which
// its last message names, and ends with what is revoked.
func TestRevokeAppKeys_canceled(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, emulator.Switches{})
	l.Inject(emulator.Fault{Method: "DeleteKey", Skip: 1, Kind: "latency", Latency: 300 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	invocation := l.action(t, keeps()(l))
	invocation.Progress = func(message string) bool {
		if strings.Contains(message, "Revoking key "+l.id["b"]) {
			cancel()
		}
		return true
	}
	o := invocation.Invoke(ctx, t)
	text := l.said(t, o.Diagnostics, o.Progress...)
	says(t, text, "!ERROR Cannot revoke app keys: The run was canceled. 2 of 3 keys of the app emulator-user/tenant are revoked:\n",
		"  "+l.id["a"]+` ("a")`, "  "+l.id["b"]+` ("b")`, "The others still work.")
	says(t, o.Progress[len(o.Progress)-1], "Revoking key "+l.id["b"])
	apitest.Equal(t, l.left(), "cz", "left")
}

// TestRevokeAppKeys_listsWhatItSees: a key that only seemed to be gone is shown at the
// end, and so is one whose description would hide its line. A plan says nothing of what
// will be left.
func TestRevokeAppKeys_listsWhatItSees(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, emulator.Switches{})
	b := l.Keys(l.UserID(), "tenant")[1]
	must(t, l.EditKey(l.Keys(l.UserID(), "tenant")[2].ID, func(k *emulator.Key) { k.Description = "c\r\x1b[2K\u202e" }))
	invocation := l.action(t, revokes("a", "b", "c")(l))
	planned := l.said(t, invocation.Plan(t))
	says(t, planned, "to revoke: 3 of 3: ", "The app has no other key now.", l.id["c"]+` ("c\r\x1b[2K\u202e")`)
	apitest.SaysNot(t, planned, "No key is left")
	invocation.Config["key_ids"] = l.ids("a", "b")
	invocation.Progress = func(message string) bool {
		switch {
		case strings.HasPrefix(message, "Revoking key "+l.id["b"]):
			must(t, l.DeleteKey(b.ID)) // by somebody else
		case strings.HasPrefix(message, "Revoked key "+l.id["b"]):
			must(t, l.PutKey(b)) // a listing that lagged behind had lacked it
		}
		return true
	}
	text, _ := l.invoke(t, invocation)
	says(t, text, "Keys left in the app emulator-user/tenant: 2\n", l.id["b"]+` ("b")`, l.id["c"]+` ("c\r\x1b[2K\u202e")`)
}

// TestRevokeAppKeys_severalApps: a key that gives access to other apps as well is shown
// and not revoked.
func TestRevokeAppKeys_severalApps(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(leaky) map[string]any{
		"all but one": keeps("c"), "all": keeps(), "that one": revokes("a", "shared"), "only it": revokes("shared"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLeaky(t, emulator.Switches{})
			k := emulator.Key{ID: emulator.NewSecret(), UserID: l.UserID(), AppID: "other", AlsoIn: []string{"tenant"}, Description: "shared"}
			must(t, l.PutKey(k))
			id := l.UserID() + "/tenant/" + clarifai.Secret(k.ID).Fingerprint()
			l.id["shared"] = id
			invocation := l.action(t, config(l))
			warning := "!WARNING App keys of emulator-user/tenant give access to several apps: "
			says(t, l.said(t, invocation.Plan(t)), warning, id+` ("shared"), also for emulator-user/other`)
			text, _ := l.invoke(t, invocation)
			says(t, text, warning, "Keys left in the app emulator-user/tenant: ", id)
			if !strings.Contains(l.left(), "shared") || strings.Contains(text, "!ERROR") {
				t.Errorf("%s; left: %s", text, l.left())
			}
		})
	}
}
