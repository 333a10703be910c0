package appkey_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// keysByHand makes keys as people leave them behind: five that work, and one that
// has expired.
func keysByHand(t *testing.T, w *acctest.World) {
	t.Helper()
	w.MakeApps(t, "acme-1", "acme-2", "globex")
	for i, k := range []emulator.Key{
		{AppID: "acme-1", Description: "everything", Scopes: []string{"All"}},
		{AppID: "acme-1", Description: "two\nlines", Scopes: []string{"Predict", "Models:Get"}},
		{AppID: "acme-2", Description: "limited", Scopes: []string{"Inputs:Get"}, Endpoints: []string{"/clarifai.api.V2/ListInputs"}},
		{AppID: "acme-2", Description: "expired", Scopes: []string{"All"}, ExpiresAt: time.Now().Add(-time.Hour)},
		{AppID: "globex", Description: "expires one day", Scopes: []string{"Inputs:Get", "Inputs:Add"}, ExpiresAt: time.Now().Add(1000 * time.Hour)},
		{AppID: "globex", Scopes: []string{"Predict"}},
	} {
		k.UserID, k.CreatedAt = w.UserID(), time.Now().Add(time.Duration(i-10)*time.Hour)
		must(t, w.PutKey(k))
	}
}

func keyQuery(t *testing.T, w *acctest.World, q acctest.Query) []tfprotov6.ListResourceResult {
	t.Helper()
	q.Type = "clarifai_app_key"
	return acctest.List(t, w.Configured(t), q)
}

// TestAppKeyList_filters: the filters select, and select nothing without an error.
func TestAppKeyList_filters(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	keysByHand(t, w)
	var bare string
	for _, k := range w.Keys(w.UserID(), "globex") {
		if k.Description == "" {
			bare = "globex: " + fingerprint(k.ID)
		}
	}
	all, two, limited, expires := "acme-1: everything", "acme-1: two lines", "acme-2: limited", "globex: expires one day"
	for name, c := range map[string]struct {
		config map[string]any
		want   []string
	}{
		"none":                    {nil, []string{all, two, limited, expires, bare}},
		"app":                     {map[string]any{"app_id": "acme-1"}, []string{all, two}},
		"app and user":            {map[string]any{"app_id": "acme-1", "user_id": w.UserID()}, []string{all, two}},
		"prefix":                  {map[string]any{"app_id_prefix": "acme-"}, []string{all, two, limited}},
		"scope":                   {map[string]any{"scope": "Inputs:Get"}, []string{limited, expires}},
		"scope in other spelling": {map[string]any{"scope": "Inputs_Get"}, []string{limited, expires}},
		"all":                     {map[string]any{"scope": "All", "app_id_prefix": "a"}, []string{all}},
		"matching nothing":        {map[string]any{"scope": "All", "app_id": "globex"}, nil},
		"an app that is missing":  {map[string]any{"app_id": "initech"}, []string{"!ERROR Cannot list app keys: " + w.UserID() + " has no app \"initech\". Check app_id and user_id."}},
	} {
		apitest.Equal(t, acctest.Shown(keyQuery(t, w, acctest.Query{Config: c.config})), c.want, name)
	}
	w.AddUser("stranger")
	for _, config := range []map[string]any{{"user_id": "stranger"}, {"user_id": "nobody"}, {"user_id": "stranger", "app_id": "acme-1"}} {
		got := acctest.Shown(keyQuery(t, w, acctest.Query{Config: config}))
		if len(got) != 1 || !strings.HasPrefix(got[0], "!ERROR Cannot list app keys: This PAT has no access to the account ") {
			t.Errorf("%v: %q", config, got)
		}
	}
}

// TestAppKeyList_validation warns about a scope that nothing has, and refuses
// filters that contradict each other.
func TestAppKeyList_validation(t *testing.T) {
	t.Parallel()
	server := acctest.Start(t, emulator.Options{}).Configured(t)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	for want, config := range map[string]map[string]any{
		"":                                {"scope": "Inputs_Get", "app_id": "a"},
		`(did you mean "Inputs:Get"?)`:    {"scope": "Imputs:Get"},
		"Use one element per scope":       {"scope": "Inputs:Get, All"},
		"Invalid Attribute Combination":   {"app_id": "a", "app_id_prefix": "a"},
		"alias for the owner of the PAT":  {"user_id": "me"},
		"must be an app ID: 1 to 32 lett": {"app_id": "a/b"},
	} {
		resp, err := server.(tfprotov6.ListResourceServer).ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
			TypeName: "clarifai_app_key", Config: acctest.Object(t, schemas.ListResourceSchemas["clarifai_app_key"].ValueType(), config),
		})
		must(t, err)
		var got string
		for _, d := range resp.Diagnostics {
			got += d.Summary + ": " + d.Detail + "\n"
		}
		apitest.SaysOnly(t, got, want, config)
	}
}

// TestAppKeyList_adopted: configuration generated from results imports each key
// without a change, whatever the server shows. No result holds a secret: what only the
// configuration says is null, and the owner set.
func TestAppKeyList_adopted(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, s emulator.Switches) {
		t.Parallel()
		keysByHand(t, w)
		server := w.Configured(t)
		results := acctest.List(t, server, acctest.Query{Type: "clarifai_app_key"})
		if want := 5; len(results) != want && s.AccountListing != "incomplete" {
			t.Fatalf("%d results: %q", len(results), acctest.Shown(results))
		}
		schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		must(t, err)
		p := acctest.NewProcess(t, server)
		for _, r := range results {
			v, err := r.Resource.Unmarshal(schemas.ResourceSchemas["clarifai_app_key"].ValueType())
			must(t, err)
			fields := map[string]tftypes.Value{}
			must(t, v.As(&fields))
			if !fields["key"].IsNull() || !fields["store_key"].IsNull() || !fields["keepers"].IsNull() ||
				!fields["user_id"].Equal(tftypes.NewValue(tftypes.String, w.UserID())) {
				t.Errorf("%s of %s is not neutral", r.DisplayName, fields["user_id"])
			}
			if shown := r.DisplayName + string(r.Identity.IdentityData.MsgPack) + string(r.Resource.MsgPack); holdsSecret(w, shown) {
				t.Errorf("%s holds a secret", r.DisplayName)
			}
			if err := p.Adopt("clarifai_app_key", r); err != nil {
				t.Errorf("%s: %v", r.DisplayName, err)
			}
		}
		if s.AccountListing == "refused" && w.Count("ListAppKeys") < 3 {
			t.Error("the apps' own listings were not read")
		}
	})
}

// TestAppKeyList_noLimits: a key about which the server shows no limits cannot be
// configured as it is; one warning says so.
func TestAppKeyList_noLimits(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyEndpoints: "hidden"}})
	keysByHand(t, w)
	for range 2 {
		must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "globex", Description: "hidden", Endpoints: []string{"/clarifai.api.V2/ListInputs"}}))
	}
	shown := fmt.Sprint(acctest.Shown(keyQuery(t, w, acctest.Query{})))
	apitest.Equal(t, strings.Count(shown, "!WARNING Keys without scopes and endpoints: "), 1, "warnings")
	apitest.SaysNot(t, fmt.Sprint(acctest.Shown(keyQuery(t, w, acctest.Query{Identity: true}))), "!")
}

// TestAppKeyList_fails: an error midway reaches the user.
func TestAppKeyList_fails(t *testing.T) {
	t.Parallel()
	for _, config := range []map[string]any{nil, {"app_id": "acme-1"}} {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{PageCap: 1}})
		keysByHand(t, w)
		for _, method := range []string{"ListKeys", "ListAppKeys"} {
			w.Inject(emulator.Fault{Method: method, Skip: 2, Times: -1, Kind: "echo_key", HTTPStatus: 500})
		}
		got := acctest.Shown(keyQuery(t, w, acctest.Query{Config: config}))
		if len(got) < 2 || !strings.HasPrefix(got[len(got)-1], "!ERROR Cannot list app keys: ") {
			t.Errorf("%q", got)
		}
	}
}

// TestAppKeyList_large lists and adopts an account of 2,000 apps and 6,000 keys.
// It runs by itself, before the parallel tests: the heap is that of the process,
// emulator included, less what was in use before, so the provider's own part is
// smaller than what is measured.
func TestAppKeyList_large(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	for i := range 2000 {
		id := fmt.Sprintf("tenant-%04d", i)
		must(t, w.PutApp(emulator.App{ID: id, UserID: w.UserID(), Description: "made by hand for " + id}))
		for n := range 3 {
			must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: id, Description: fmt.Sprintf("key %d of %s", n, id), Scopes: []string{"Predict", "Models:Get"}}))
		}
	}
	before := heap(true)
	server := w.Configured(t)
	results := map[string][]tfprotov6.ListResourceResult{}
	for kind, want := range map[string]int{"clarifai_app": 2000, "clarifai_app_key": 6000} {
		results[kind] = acctest.List(t, server, acctest.Query{Type: kind, Limit: 10000})
		apitest.Equal(t, len(results[kind]), want, "results of", kind)
	}
	if n := len(w.Requests()); n > 12 {
		t.Errorf("%d requests", n)
	}
	if used := heap(false) - before; used > 100<<20 {
		t.Errorf("listing took %d MB", used>>20)
	}
	var group sync.WaitGroup
	for kind, all := range results {
		group.Go(func() {
			p := acctest.NewProcess(t, server)
			for i, r := range all {
				if testing.Short() && i%50 > 0 {
					continue
				}
				if err := p.Adopt(kind, r); err != nil {
					t.Errorf("%s: %v", r.DisplayName, err)
					return
				}
				if i%500 > 0 {
					continue
				}
				if used := heap(false) - before; used > 100<<20 {
					t.Errorf("importing took %d MB after %d %s", used>>20, i, kind)
				}
			}
		})
	}
	group.Wait()
	if n := len(w.Requests()); n > 60 {
		t.Errorf("%d requests, imports included", n)
	}
	t.Logf("%d requests, %d MB", len(w.Requests()), (heap(true)-before)>>20)
}

// heap returns how much of the heap is in use, garbage included unless it is to be
// collected first.
func heap(collect bool) int64 {
	if collect {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
