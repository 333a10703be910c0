package inventory

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const invalid = `{"status":{"code":11102,"description":"Invalid request"}}`

// TestCreateKey_date creates a key that must have a date: it has it, or none is left.
func TestCreateKey_date(t *testing.T) {
	t.Parallel()
	answered, lost := fault(nil), after(apitest.Cut)
	var undated *UndatedError
	var past *PastDateError
	for name, tt := range map[string]struct {
		switches emulator.Switches
		in       time.Duration
		fault    fault
		stays    bool // no DELETE is carried out
		forgets  bool // listings do not have the date
		fails    any
		posts    int
		live     int // with and without the date
		surplus  int
	}{
		"stored":                  {fault: answered, posts: 1, live: 1},
		"stored, bare answer":     {switches: emulator.Switches{WriteAnswers: "bare"}, fault: answered, posts: 1, live: 1},
		"shown late":              {switches: emulator.Switches{WriteAnswers: "bare", CreateLag: 2 * time.Second}, fault: answered, posts: 1, live: 1},
		"ignored":                 {switches: emulator.Switches{ExpiresAt: "ignored"}, fault: answered, fails: &undated, posts: 1},
		"ignored, bare answer":    {switches: emulator.Switches{ExpiresAt: "ignored", WriteAnswers: "bare"}, fault: answered, fails: &undated, posts: 1},
		"repeated, not stored":    {switches: emulator.Switches{ExpiresAt: "stored"}, fault: answered, forgets: true, fails: &undated, posts: 1},
		"ignored, not revoked":    {switches: emulator.Switches{ExpiresAt: "ignored"}, fault: answered, stays: true, fails: &undated, posts: 1, live: 1},
		"refused":                 {switches: emulator.Switches{ExpiresAt: "refused"}, fault: answered, fails: new(*clarifai.Error), posts: 1},
		"passed":                  {in: -time.Second, fails: &past},
		"lost, stored":            {fault: lost, posts: 1, live: 1},
		"lost, ignored":           {switches: emulator.Switches{ExpiresAt: "ignored"}, fault: lost, fails: &undated, posts: 2, live: 1, surplus: 1},
		"lost, then refused":      {switches: emulator.Switches{ExpiresAt: "refused"}, fault: before(apitest.Cut), fails: new(*clarifai.Error), posts: 2},
		"lost, another's undated": {fault: nil, posts: 2, live: 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: tt.switches}, "shop")
			time.Sleep(time.Minute) // the app is shown
			if tt.fault != nil {
				s.faults = []fault{tt.fault}
			} else if tt.live == 2 {
				s.faults = []fault{before(func(w http.ResponseWriter, r *http.Request) {
					s.add("shop", wanted.Description, wanted.Scopes...)
					apitest.Cut(w, r)
				})}
			}
			if tt.stays {
				s.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 403, Code: clarifai.CodeInsufficientScopes, Times: -1})
			}
			if tt.forgets {
				s.listed = func(_ string, key map[string]any) bool { delete(key, "expires_at"); return true }
			}
			inv, j := s.inBubble(t)
			n := wanted
			n.ExpiresAt = clarifai.Time{Time: time.Now().Add(time.Hour)}
			if tt.in != 0 {
				n.ExpiresAt = clarifai.Time{Time: time.Now().Add(tt.in)}
			}
			made, err := inv.CreateKey(t.Context(), n)
			if (err != nil) != (tt.fails != nil) || err != nil && !errors.As(err, tt.fails) {
				t.Errorf("%s: %v", name, err)
			}
			live := s.live()
			apitest.Equal(t, j.Count("POST", "/keys"), tt.posts, "POSTs", name)
			apitest.Equal(t, len(live), tt.live, "living keys", name)
			isMade := func(k emulator.Key) bool { return k.ID == made.Value.Reveal() && n.ExpiresAt.Equal(k.ExpiresAt) }
			if tt.fails == nil && !slices.ContainsFunc(live, isMade) {
				t.Errorf("%s: no key with the date", name)
			}
			if undated != nil && ((undated.Left != nil) != tt.stays || len(undated.Surplus) != tt.surplus ||
				strings.Contains(err.Error(), "still valid") != tt.stays || strings.Contains(err.Error(), "were lost") != (tt.surplus > 0)) {
				t.Errorf("%s: %v", name, undated)
			}
			undated, past = nil, nil
		})
	}
}

// TestCreateKey_lifetime creates two keys that are wanted without a date, too.
func TestCreateKey_lifetime(t *testing.T) {
	t.Parallel()
	refused := before(apitest.Reply(400, invalid))
	for name, tt := range map[string]struct {
		expiresAt string
		faults    []fault
		posts     int
		live      int
		dated     int
		fails     bool // the first
	}{
		"stored":                 {expiresAt: "stored", posts: 2, live: 2, dated: 2},
		"ignored":                {expiresAt: "ignored", posts: 2, live: 2},
		"refused":                {expiresAt: "refused", posts: 3, live: 2},
		"refused by a gateway":   {expiresAt: "stored", faults: []fault{before(apitest.Reply(400, `{"code":3,"message":"unknown field"}`))}, posts: 3, live: 2},
		"refused for the scopes": {expiresAt: "stored", faults: []fault{refused, refused}, posts: 3, live: 1, dated: 1, fails: true},
		"not allowed":            {expiresAt: "stored", faults: []fault{before(apitest.Reply(403, `{"status":{"code":11007,"description":"no"}}`))}, posts: 2, live: 1, dated: 1, fails: true},
		"lost, stored":           {expiresAt: "stored", faults: []fault{after(apitest.Cut)}, posts: 2, live: 2, dated: 2},
		"lost, ignored":          {expiresAt: "ignored", faults: []fault{after(apitest.Cut)}, posts: 2, live: 2},
		"lost, then refused":     {expiresAt: "refused", faults: []fault{before(apitest.Cut)}, posts: 4, live: 1, fails: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Switches: emulator.Switches{ExpiresAt: tt.expiresAt}}, "shop")
			s.faults = tt.faults
			inv, j := s.inBubble(t)
			n := wanted
			n.Lifetime = time.Hour
			apitest.Equal(t, apitest.Err(inv.CreateKey(t.Context(), n)) != nil, tt.fails, name, "fails")
			n.Description = "another"
			apitest.Must(t, apitest.Err(inv.CreateKey(t.Context(), n)))
			dated := 0
			for _, k := range s.live() {
				if in := time.Until(k.ExpiresAt); in > 50*time.Minute && in <= time.Hour {
					dated++
				}
			}
			if posts, live := j.Count("POST", "/keys"), len(s.live()); posts != tt.posts || live != tt.live || dated != tt.dated {
				t.Errorf("%s: %d keys by %d POSTs, %d with the date", name, live, posts, dated)
			}
		})
	}
}

// TestCreateKey_dateByServer: whether a date has passed is decided by Clarifai's clock.
func TestCreateKey_dateByServer(t *testing.T) {
	t.Parallel()
	for ahead, in := range map[time.Duration]time.Duration{3 * time.Hour: -time.Hour, -3 * time.Hour: time.Hour} { // of this machine's clock
		synctest.Test(t, func(t *testing.T) {
			s := newWorldWith(emulator.Options{Now: func() time.Time { return time.Now().Add(-ahead) }}, "shop")
			inv, j := s.inBubble(t)
			n := wanted
			n.ExpiresAt = clarifai.Time{Time: time.Now().Add(in)}
			_, err := inv.CreateKey(t.Context(), n)
			var past *PastDateError
			if passed := errors.As(err, &past); passed != (ahead < 0) || (err != nil) != passed || j.Count("POST", "/keys") == 1 == passed {
				t.Errorf("%s ahead: %v", ahead, err)
			}
		})
	}
}
