package appkey

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var _ fastpath.Kind = (*Shortcut)(nil)

// Shortcut tells which keys are plainly unchanged. Of keys there are thousands,
// and in a nightly plan all of them should be.
type Shortcut struct {
	session func() *providerdata.Data // nil: not configured
	equal   sync.Map                  // sameScopes → bool
}

// sameScopes is a set as the state has it beside one as the server has it.
// Fleets share few of them.
type sameScopes struct {
	state  string
	server *string // the first of a list that exists once
	length int
}

// NewShortcut is the shortcut of clarifai_app_key. Session gives what the
// provider was configured to, or nil.
func NewShortcut(session func() *providerdata.Data) *Shortcut { return &Shortcut{session: session} }

// Attributes are those of the schema.
func (*Shortcut) Attributes() []string {
	return []string{"app_id", "created_at", "description", "endpoints", "expires_at", "fingerprint", "id", "keepers", "key", "scopes", "store_key", "user_id"}
}

// Identity is the key's.
func (*Shortcut) Identity() []string { return []string{"user_id", "app_id", "fingerprint"} }

// Notes are of what Clarifai filled in or hides.
func (*Shortcut) Notes() []string { return []string{privateDefaults} }

// Unchanged compares the state with the key as Clarifai has it.
func (s *Shortcut) Unchanged(ctx context.Context, state fastpath.Fields) bool {
	inv := s.session().Inventory()
	user, ok1 := state.String("user_id")
	app, ok2 := state.String("app_id")
	print, ok3 := state.String("fingerprint")
	id, ok4 := state.String("id")
	_, ok5 := state.String("created_at")
	if inv == nil || !(ok1 && ok2 && ok3 && ok4 && ok5) {
		return false
	}
	k, err := inv.FindKey(ctx, user, app, print)
	if err != nil || k.UserID != user || k.AppID != app || k.ID() != id {
		return false
	}
	s.session().NoteRead(id)
	description, _ := state.String("description")
	expires, _ := state.String("expires_at")
	return description == k.Description && expires == k.ExpiresAt.String() &&
		sameSecret(state, k) && s.sameScopes(state, k.Scopes) && sameEndpoints(state, k.Endpoints)
}

func sameSecret(state fastpath.Fields, k clarifai.Key) bool {
	stored, ok := state.Bool("store_key")
	if !ok || !stored {
		return ok && state.Null("key")
	}
	value, _ := state.String("key")
	return value == k.Value.Reveal()
}

func (s *Shortcut) sameScopes(state fastpath.Fields, got []string) bool {
	if state.Null("scopes") || len(got) == 0 {
		return state.Null("scopes") && len(got) == 0
	}
	pair := sameScopes{state: string(state["scopes"]), server: &got[0], length: len(got)}
	if known, ok := s.equal.Load(pair); ok {
		return known == true
	}
	want, ok := state.Strings("scopes")
	same := ok && scope.Equivalent(want, got)
	s.equal.Store(pair, same)
	return same
}

func sameEndpoints(state fastpath.Fields, got []string) bool {
	if state.Null("endpoints") || len(got) == 0 {
		return state.Null("endpoints") && len(got) == 0
	}
	want, ok := state.Strings("endpoints")
	got = slices.Clone(got)
	slices.Sort(want)
	slices.Sort(got)
	return ok && slices.Equal(want, slices.Compact(got))
}

// Steady says no for keys that expire: of an unchanged key ModifyPlan has
// nothing else to say. A state that differs from the default of store_key is
// steady only where the configuration asks for it.
func (s *Shortcut) Steady(state fastpath.Fields, config func() (fastpath.Fields, error)) bool {
	if s.session().Inventory() == nil || !state.Null("expires_at") {
		return false
	}
	if stored, _ := state.Bool("store_key"); stored {
		return true
	}
	c, err := config()
	return err == nil && c != nil && !c.Null("store_key")
}

// Verdict is made of the attributes that the diagnostics of a configuration
// depend on; app_id counts only by its form.
func (*Shortcut) Verdict(config fastpath.Fields) (string, bool) {
	if app, known := config.String("app_id"); known && !providerdata.IsAppID(app) || config.Null("app_id") {
		return "", false
	}
	for _, name := range []string{"keepers", "id", "fingerprint", "key", "created_at", "expires_at"} {
		if !config.Null(name) { // computed ones may not be set at all
			return "", false
		}
	}
	return strings.Join([]string{string(config["scopes"]), string(config["endpoints"]), string(config["user_id"]), string(config["store_key"])}, "\x00"), true
}
