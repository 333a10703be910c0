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

// adoptable starts an account with keys that nothing manages.
func adoptable(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "tenant")
	for _, d := range []string{"one", "two", "three"} {
		apitest.Must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Description: d, Scopes: []string{"All"}}))
	}
	return w
}

// heard is all that a provider says at protocol level, and its log.
type heard struct {
	t    *testing.T
	w    *acctest.World
	ctx  context.Context // whose log is kept
	log  bytes.Buffer
	text bytes.Buffer
}

func listen(t *testing.T, w *acctest.World) *heard {
	t.Helper()
	h := &heard{t: t, w: w}
	h.ctx = tflogtest.RootLogger(t.Context(), &h.log)
	return h
}

// diagnostics notes diagnostics.
func (h *heard) diagnostics(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		fmt.Fprintln(&h.text, d.Severity, d.Summary, d.Detail, d.Attribute)
	}
}

// list notes the raw results of a list resource.
func (h *heard) list(server tfprotov6.ProviderServer, typ string, config map[string]any) {
	h.t.Helper()
	schemas, err := server.GetProviderSchema(h.ctx, &tfprotov6.GetProviderSchemaRequest{})
	apitest.Must(h.t, err)
	stream, err := server.(tfprotov6.ListResourceServer).ListResource(h.ctx, &tfprotov6.ListResourceRequest{
		TypeName: typ, IncludeResource: true, Config: acctest.Object(h.t, schemas.ListResourceSchemas[typ].ValueType(), config),
	})
	apitest.Must(h.t, err)
	for r := range stream.Results {
		h.diagnostics(r.Diagnostics)
		fmt.Fprintln(&h.text, r.DisplayName)
		if r.Resource != nil {
			fmt.Fprintf(&h.text, "%s %s\n", r.Resource.MsgPack, r.Identity.IdentityData.MsgPack)
		}
	}
}

// revoke notes the plan of the action and what it says while it runs.
func (h *heard) revoke(server tfprotov6.ProviderServer, config map[string]any) {
	h.t.Helper()
	invocation := acctest.Invocation{Server: server, Type: "clarifai_revoke_app_keys", Config: config}
	h.diagnostics(invocation.Validate(h.t))
	h.diagnostics(invocation.Plan(h.t))
	o := invocation.Invoke(h.ctx, h.t)
	h.diagnostics(o.Diagnostics)
	fmt.Fprintln(&h.text, strings.Join(o.Progress, "\n"))
}

// search fails the test for each secret in what was said and logged.
func (h *heard) search(least int) {
	h.t.Helper()
	all := secretsOf(h.w)
	if len(all.keys) < least || h.text.Len() == 0 || !strings.Contains(h.log.String(), "Clarifai API request") {
		h.t.Errorf("%d keys, %d bytes said and %d logged show nothing", len(all.keys), h.text.Len(), h.log.Len())
	}
	for name, text := range map[string][]byte{"what was said": h.text.Bytes(), "the log": h.log.Bytes()} {
		for _, leak := range all.search(name, text) {
			h.t.Error(leak)
		}
	}
}

// logging is a test in whose context the provider logs.
type logging struct {
	testing.TB
	ctx context.Context
}

// Context returns that context.
func (l logging) Context() context.Context { return l.ctx }

// TestLeaks_faults changes keys of each kind, stored and not, while requests fail in every
// way. The API answers for a missing key as for a revoked PAT.
func TestLeaks_faults(t *testing.T) {
	t.Parallel()
	for _, fault := range faults("http://127.0.0.1:1/v2/elsewhere") {
		t.Run(fmt.Sprint(fault.Kind, fault.HTTPStatus, fault.Code), func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: 11009}})
			h := listen(t, w)
			e := w.NewEstate(logging{t, h.ctx})
			change := func(round string, methods ...string) {
				want := acctest.Resources{"clarifai_app.t": {"id": "tenant", "description": round}}
				for address, store := range map[string]bool{"app_key.s": true, "app_key.n": false, "rotating_app_key.s": true, "rotating_app_key.n": false} {
					config := map[string]any{"app_id": "tenant", "description": address + round, "scopes": []string{"Predict"}, "store_key": store}
					if config["keepers"] = map[string]string{"round": round}; strings.HasPrefix(address, "rotating") {
						config["rotation_period"], config["overlap"] = "90d", "7d"
					}
					want["clarifai_"+address] = config
				}
				want["clarifai_app_key.patched"] = map[string]any{"app_id": "tenant", "description": round, "scopes": []string{"Predict"}}
				for _, fault.Method = range methods {
					w.Inject(fault)
				}
				err := e.Apply(want) // whether it succeeds does not matter
				w.ClearFaults()
				fmt.Fprintln(&h.text, e.Said(), err)
				for _, address := range []string{"clarifai_app_key.n", "clarifai_rotating_app_key.n"} {
					fmt.Fprintln(&h.text, e.Stored(address).Text())
				}
			}
			fault.Times = 2
			change("1")
			change("2", "PatchKeys", "PostKeys", "DeleteKey")
			change("3", "ListAppKeys", "GetApp")
			h.search(5) // those of the first round
		})
	}
}

// TestLeaks_lists lists while requests fail in every way.
func TestLeaks_lists(t *testing.T) {
	t.Parallel()
	w := adoptable(t)
	h := listen(t, w)
	for _, fault := range append(faults("http://127.0.0.1:1/v2/elsewhere"), emulator.Fault{Kind: "latency"}) {
		for method, config := range map[string]map[string]any{"ListKeys": nil, "ListAppKeys": {"app_id": "tenant"}, "ListApps": nil} {
			fault.Method, fault.Times = method, 2
			w.Inject(fault)
			typ := "clarifai_app_key"
			if method == "ListApps" {
				typ = "clarifai_app"
			}
			h.list(w.Configured(t), typ, config)
			w.ClearFaults()
		}
	}
	h.search(3)
}

// TestLeaks_imports imports keys in each form, and by themselves, while requests fail in every
// way and once they do not. A state that is not to store the secret does not hold it either.
func TestLeaks_imports(t *testing.T) {
	t.Parallel()
	w := adoptable(t)
	h := listen(t, w)
	raw, app := w.Keys(w.UserID(), "tenant")[0].ID, w.UserID()+"/tenant/"
	for _, fault := range faults("http://127.0.0.1:1/v2/elsewhere") {
		for _, id := range []string{app + clarifai.Secret(raw).Fingerprint(), app + "description=two", app + raw, raw} {
			fault.Method, fault.Times = "ListAppKeys", 2
			w.Inject(fault)
			for _, suffix := range []string{"", ",store_key=false", ",store_key=false"} { // the last of which meets no fault
				stored, said := w.Process(logging{t, h.ctx}).Import("clarifai_app_key", id+suffix)
				if h.diagnostics(said); suffix != "" {
					fmt.Fprintln(&h.text, stored.Text())
				}
			}
			w.ClearFaults()
		}
	}
	h.search(3)
}

// TestLeaks_progress revokes keys, one of which has itself in its description,
// while requests fail in every way, and names a raw key where an ID belongs.
func TestLeaks_progress(t *testing.T) {
	t.Parallel()
	for _, fault := range append(faults("http://127.0.0.1:1/v2/elsewhere"), emulator.Fault{Kind: "latency"}) {
		t.Run(fmt.Sprint(fault.Kind, fault.HTTPStatus, fault.Code), func(t *testing.T) {
			t.Parallel()
			w := adoptable(t)
			careless := w.Keys(w.UserID(), "tenant")[0].ID
			apitest.Must(t, w.EditKey(careless, func(k *emulator.Key) { k.Description = "the key " + careless }))
			h := listen(t, w)
			h.revoke(w.Configured(t), map[string]any{"app_id": "tenant", "key_ids": []string{careless, w.UserID() + "/tenant/" + careless}})
			fault.Method, fault.Times = "DeleteKey", 2
			w.Inject(fault)
			fault.Method, fault.Skip, fault.Times = "ListAppKeys", 4, 1 // planned and listed afresh, with two pages each
			w.Inject(fault)
			h.revoke(w.Configured(t), map[string]any{"app_id": "tenant", "except_key_ids": []string{}, "allow_none": true})
			h.search(3)
		})
	}
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
