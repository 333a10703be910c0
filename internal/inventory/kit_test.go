package inventory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// setup is what a test's inventory and its client are made from.
type setup struct {
	clarifai.Config
	inventory Config
}

// newSetup does not wait and has no rate limit to speak of.
func newSetup() setup {
	return setup{
		Config: clarifai.Config{
			PAT: apitest.NewSecret(), Version: "1.2.3",
			RequestsPerSecond: 1e6, RetryBase: time.Millisecond, Clock: apitest.NewClock(),
		},
		inventory: Config{UserID: "acme", GatherWindow: time.Millisecond},
	}
}

func (s setup) create(t testing.TB, change []func(*setup)) *Inventory {
	t.Helper()
	for _, f := range change {
		f(&s)
	}
	c, err := clarifai.New(s.Config)
	apitest.Must(t, err)
	return New(c, s.inventory)
}

// serve returns an inventory of the account that h serves over loopback.
func serve(t testing.TB, h http.HandlerFunc, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	rec := apitest.Record(h)
	s := newSetup()
	s.BaseURL = apitest.Serve(t, rec)
	return s.create(t, change), rec
}

// inBubble returns an inventory for a synctest bubble, with the bubble's time.
func inBubble(t testing.TB, h http.HandlerFunc, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	rec := apitest.Record(h)
	s := newSetup()
	s.BaseURL = "https://api.test"
	s.Clock = nil
	s.Transport = apitest.InProcess{Handler: rec}
	return s.create(t, change), rec
}

// world is the account acme in the emulator, and what goes wrong between it and the
// client.
type world struct {
	*emulator.Emulator

	mu     sync.Mutex
	faults []fault                                    // one per POST, in turn
	listed func(path string, key map[string]any) bool // edits a key in an answer; false: it is left out
}

// fault answers a request in place of the emulator; work has that carry it out.
type fault func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc)

func newWorld(apps ...string) *world { return newWorldWith(emulator.Options{}, apps...) }

func newWorldWith(o emulator.Options, apps ...string) *world {
	o.UserID = "acme"
	w := &world{Emulator: emulator.New(o)}
	for _, id := range apps {
		w.putApp(id)
	}
	return w
}

func (w *world) putApp(id string) {
	must(w.PutApp(emulator.App{UserID: "acme", ID: id, Description: "as stored"}))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// add creates a key without a request.
func (w *world) add(app, description string, scopes ...string) clarifai.Secret {
	id := apitest.NewSecret()
	must(w.PutKey(emulator.Key{ID: id, UserID: "acme", AppID: app, Description: description, Scopes: scopes}))
	return clarifai.Secret(id)
}

func (w *world) live() []emulator.Key { return w.Keys("acme", "") }

// deny refuses a method from now on.
func (w *world) deny(method string, status int) {
	w.Inject(emulator.Fault{Method: method, Kind: "status", HTTPStatus: status, Times: -1})
}

func (w *world) serve(t testing.TB, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	return serve(t, w.handle, append([]func(*setup){w.authorize}, change...)...)
}

// inBubble gathers reads for a second of the bubble's time, so that simultaneous
// reads are sure to share a listing.
func (w *world) inBubble(t testing.TB, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	return inBubble(t, w.handle, append([]func(*setup){w.authorize, func(cfg *setup) { cfg.inventory.GatherWindow = time.Second }}, change...)...)
}

func (w *world) authorize(cfg *setup) { cfg.PAT = w.PAT() }

// handle spoils a request, or has the emulator answer it.
func (w *world) handle(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	var f fault
	if r.Method == http.MethodPost && len(w.faults) > 0 {
		f, w.faults = w.faults[0], w.faults[1:]
	}
	listed := w.listed
	w.mu.Unlock()
	switch {
	case f != nil:
		f(rw, r, w.ServeHTTP)
	case listed != nil && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/keys"):
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		apitest.Reply(answer.Code, editKeys(answer.Body.Bytes(), r.URL.Path, listed))(rw, r)
	default:
		w.ServeHTTP(rw, r)
	}
}

// editKeys returns an answer whose keys were edited or left out.
func editKeys(body []byte, path string, edit func(string, map[string]any) bool) string {
	var answer map[string]any
	must(json.Unmarshal(body, &answer))
	all, _ := answer["keys"].([]any)
	kept := []any{}
	for _, item := range all {
		if k, _ := item.(map[string]any); edit(path, k) {
			kept = append(kept, k)
		}
	}
	answer["keys"] = kept
	return apitest.JSON(answer)
}

// discard is an answer that is lost.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// before answers instead of doing the work, after answers once it is done.
func before(answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) { answer(w, r) }
}

func after(answer http.HandlerFunc) fault { return workTimes(1, answer) }

// workTimes does the work n times and answers as the last did, unless answer does.
func workTimes(n int, answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		body, _ := io.ReadAll(r.Body)
		for i := range n {
			r.Body = io.NopCloser(bytes.NewReader(body))
			if i == n-1 && answer == nil {
				work(w, r)
				return
			}
			work(discard{}, r)
		}
		answer(w, r)
	}
}

// workLater answers at once and does the work after a while.
func workLater(answer http.HandlerFunc, delay time.Duration) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		body, _ := io.ReadAll(r.Body)
		later := r.Clone(r.Context())
		later.Body = io.NopCloser(bytes.NewReader(body))
		go func() {
			<-time.After(delay)
			work(discard{}, later)
		}()
		answer(w, r)
	}
}

// dated puts the time into each answer, as servers do.
func dated(h http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}
}

// together calls f for each name at the same time.
func together(t *testing.T, names []string, f func(name string) error) {
	t.Helper()
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			if err := f(name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
}

func appNames(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("app-%02d", i))
	}
	return names
}

// wanted is a key to create in the app shop, wantedIn the same key in another app.
var wanted = NewKey{UserID: "acme", AppID: "shop", Description: "d", Scopes: []string{"Inputs:Get", "Inputs:Add"}}

func wantedIn(app string) NewKey {
	n := wanted
	n.AppID = app
	return n
}

func refOf(app string) clarifai.AppRef { return clarifai.AppRef{UserID: "acme", AppID: app} }

func keyIn(app, fingerprint string) clarifai.KeyRef {
	return clarifai.KeyRef{UserID: "acme", AppID: app, Fingerprint: fingerprint}
}

// holds checks that a call succeeds, and what it returns.
func holds[T any](t *testing.T, as func(T) bool) func(T, error) {
	return func(got T, err error) {
		t.Helper()
		if err != nil || !as(got) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// countKeys checks how many keys an app has.
func countKeys(t *testing.T, want int) func([]clarifai.Key, error) {
	return holds(t, func(keys []clarifai.Key) bool { return len(keys) == want })
}

// hasCode reports whether Clarifai answered with that status code.
func hasCode(err error, code int) bool {
	e := clarifai.AsError(err)
	return e != nil && e.Code == code
}
