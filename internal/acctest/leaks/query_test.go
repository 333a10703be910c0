package leaks

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// adoptable starts an account with keys that nothing manages. It answers for a missing key as
// for a revoked PAT, with the key in the details.
func adoptable(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: 11009}})
	w.MakeApps(t, "tenant")
	for _, d := range []string{"one", "two", "three"} {
		apitest.Must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Description: d, Scopes: []string{"All"}}))
	}
	return w
}

// heard is a test that keeps all that a provider says at protocol level, and its log.
type heard struct {
	testing.TB
	w     *acctest.World
	fault emulator.Fault
	ctx   context.Context // whose log is kept
	log   bytes.Buffer
	text  bytes.Buffer
}

// Context returns the context whose log is kept.
func (h *heard) Context() context.Context { return h.ctx }

// fails lets the next requests of methods fail, but for some.
func (h *heard) fails(times, skip int, methods ...string) {
	for _, method := range methods {
		f := h.fault
		f.Method, f.Times, f.Skip = method, times, skip
		h.w.Inject(f)
	}
}

// diagnostics notes diagnostics.
func (h *heard) diagnostics(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		fmt.Fprintln(&h.text, d.Severity, d.Summary, d.Detail, d.Attribute)
	}
}

// list notes the raw results of a list resource.
func (h *heard) list(method, typ string, config map[string]any) {
	h.Helper()
	h.fails(2, 0, method)
	for _, r := range acctest.List(h, h.w.Configured(h), acctest.Query{Type: typ, Config: config}) {
		h.diagnostics(r.Diagnostics)
		fmt.Fprintln(&h.text, r.DisplayName)
		if r.Resource != nil {
			fmt.Fprintf(&h.text, "%s %s\n", r.Resource.MsgPack, r.Identity.IdentityData.MsgPack)
		}
	}
	h.w.ClearFaults()
}

// revoke notes the plan of the action and what it says while it runs.
func (h *heard) revoke(config map[string]any) {
	h.Helper()
	invocation := acctest.Invocation{Server: h.w.Configured(h), Type: "clarifai_revoke_app_keys", Config: config}
	h.diagnostics(invocation.Validate(h))
	h.diagnostics(invocation.Plan(h))
	o := invocation.Invoke(h.ctx, h)
	h.diagnostics(o.Diagnostics)
	fmt.Fprintln(&h.text, strings.Join(o.Progress, "\n"))
}

// TestLeaks searches what the provider says and logs in each scene while requests fail in
// every way.
func TestLeaks(t *testing.T) {
	t.Parallel()
	for _, fault := range append(faults("http://127.0.0.1:1/v2/elsewhere"), emulator.Fault{Kind: "latency"}) {
		for scene, play := range map[string]func(*heard){"changes": changes, "lists": lists, "imports": imports, "revocations": revocations} {
			t.Run(fmt.Sprint(scene, " ", fault.Kind, fault.HTTPStatus, fault.Code), func(t *testing.T) {
				t.Parallel()
				h := &heard{TB: t, w: adoptable(t), fault: fault}
				h.ctx = tflogtest.RootLogger(t.Context(), &h.log)
				play(h)
				all := secretsOf(h.w)
				if len(all.keys) < 3 || h.text.Len() == 0 || !strings.Contains(h.log.String(), "Clarifai API request") {
					t.Errorf("%d keys, %d bytes said and %d logged show nothing", len(all.keys), h.text.Len(), h.log.Len())
				}
				for name, text := range map[string][]byte{"what was said": h.text.Bytes(), "the log": h.log.Bytes()} {
					for _, leak := range all.search(name, text) {
						t.Error(leak)
					}
				}
			})
		}
	}
}

// changes changes keys of each kind, stored and not.
func changes(h *heard) {
	e := h.w.NewEstate(h)
	change := func(round string, methods ...string) {
		want := acctest.Resources{"clarifai_app.t": {"id": "changed", "description": round}}
		for address, store := range map[string]bool{"app_key.s": true, "app_key.n": false, "rotating_app_key.s": true, "rotating_app_key.n": false} {
			config := map[string]any{"app_id": "changed", "description": address + round, "scopes": []string{"Predict"}, "store_key": store}
			if config["keepers"] = map[string]string{"round": round}; strings.HasPrefix(address, "rotating") {
				config["rotation_period"], config["overlap"] = "90d", "7d"
			}
			want["clarifai_"+address] = config
		}
		want["clarifai_app_key.patched"] = map[string]any{"app_id": "changed", "description": round, "scopes": []string{"Predict"}}
		h.fails(2, 0, methods...)
		err := e.Apply(want) // whether it succeeds does not matter
		h.w.ClearFaults()
		fmt.Fprintln(&h.text, e.Said(), err)
		for _, address := range []string{"clarifai_app_key.n", "clarifai_rotating_app_key.n"} {
			fmt.Fprintln(&h.text, e.Stored(address).Text())
		}
	}
	change("1")
	change("2", "PatchKeys", "PostKeys", "DeleteKey")
	change("3", "ListAppKeys", "GetApp")
	if keys := len(secretsOf(h.w).keys); keys < 3+5 {
		h.Errorf("only %d keys", keys)
	}
}

func lists(h *heard) {
	h.list("ListKeys", "clarifai_app_key", nil)
	h.list("ListAppKeys", "clarifai_app_key", map[string]any{"app_id": "tenant"})
	h.list("ListApps", "clarifai_app", nil)
}

// imports imports keys in each form, and by themselves, with a fault and without. A state
// that is not to store the secret does not hold it either.
func imports(h *heard) {
	raw, app := h.w.Keys(h.w.UserID(), "tenant")[0].ID, h.w.UserID()+"/tenant/"
	for _, id := range []string{app + clarifai.Secret(raw).Fingerprint(), app + "description=two", app + raw, raw} {
		h.fails(2, 0, "ListAppKeys")
		for _, suffix := range []string{"", ",store_key=false", ",store_key=false"} { // the last of which meets no fault
			stored, said := h.w.Process(h).Import("clarifai_app_key", id+suffix)
			if h.diagnostics(said); suffix != "" {
				fmt.Fprintln(&h.text, stored.Text())
			}
		}
		h.w.ClearFaults()
	}
}

// revocations revokes keys, one of which has itself in its description, and names a raw key
// where an ID belongs.
func revocations(h *heard) {
	careless := h.w.Keys(h.w.UserID(), "tenant")[0].ID
	apitest.Must(h, h.w.EditKey(careless, func(k *emulator.Key) { k.Description = "the key " + careless }))
	h.revoke(map[string]any{"app_id": "tenant", "key_ids": []string{careless, h.w.UserID() + "/tenant/" + careless}})
	h.fails(2, 0, "DeleteKey")
	h.fails(1, 4, "ListAppKeys") // planned and listed afresh, with two pages each
	h.revoke(map[string]any{"app_id": "tenant", "except_key_ids": []string{}, "allow_none": true})
}

// TestAccLeaks_query lists, adopts and revokes with the CLI.
func TestAccLeaks_query(t *testing.T) {
	t.Parallel()
	w := adoptable(t)
	l := newLifecycle(t, w, clitest.New(t, w))
	l.ws.Release.SkipBelow(t, "1.14.0", "")
	l.ws.Write("main.tf", quick)
	l.ws.Write("adopt.tfquery.hcl", `
list "clarifai_app" "all" {
  provider = clarifai
}

list "clarifai_app_key" "all" {
  provider         = clarifai
  include_resource = true
}
`)
	l.must("query", "-no-color")
	l.must("query", "-json")
	l.must("query", "-json", "-generate-config-out=adopted.tf")
	l.must("plan", "-json", "-out=adopt.plan")
	l.must("show", "-json", "adopt.plan")
	l.must("apply", "-json", "adopt.plan")
	w.MakeApps(t, "leaky")
	apitest.Must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "leaky", Description: "leaked", Scopes: []string{"All"}}))
	l.ws.Write("main.tf", quick+`
action "clarifai_revoke_app_keys" "all" {
  config {
    app_id         = "leaky"
    except_key_ids = []
    allow_none     = true
  }
}
`)
	l.must("apply", "-json", "-auto-approve", "-refresh=false", "-invoke=action.clarifai_revoke_app_keys.all")
	apitest.Equal(t, len(w.Keys(w.UserID(), "leaky")), 0, "keys left")
	l.end()
	l.report(l.search(true, 4))
}
