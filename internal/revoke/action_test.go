package revoke_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

var must, says = apitest.Must, apitest.Says

// leaky is an account with two apps: one with the keys a, b and c, and another.
type leaky struct {
	*acctest.World
	id map[string]string // by description
}

func newLeaky(t *testing.T, s emulator.Switches) leaky {
	t.Helper()
	l := leaky{acctest.Start(t, emulator.Options{Switches: s}), map[string]string{}}
	for i, app := range []string{"tenant", "other"} {
		l.MakeApps(t, app)
		for j, description := range [][]string{{"a", "b", "c"}, {"z"}}[i] {
			k := emulator.Key{ID: emulator.NewSecret(), UserID: l.UserID(), AppID: app, Description: description, Scopes: []string{"Predict"},
				CreatedAt: time.Now().Add(time.Duration(j-10) * time.Hour)}
			must(t, l.PutKey(k))
			l.id[description] = l.UserID() + "/" + app + "/" + clarifai.Secret(k.ID).Fingerprint()
		}
	}
	return l
}

// ids returns the IDs of keys by their descriptions.
func (l leaky) ids(descriptions ...string) []string {
	ids := []string{}
	for _, d := range descriptions {
		ids = append(ids, l.id[d])
	}
	return ids
}

// left returns the descriptions of the keys that are alive.
func (l leaky) left() string {
	var left []string
	for _, k := range l.Keys(l.UserID(), "") {
		left = append(left, k.Description)
	}
	slices.Sort(left)
	return strings.Join(left, "")
}

func (l leaky) action(t *testing.T, config map[string]any) acctest.Invocation {
	t.Helper()
	return acctest.Invocation{Server: l.Configured(t), Type: "clarifai_revoke_app_keys", Config: config}
}

// invoke invokes an action, and returns all that it says.
func (l leaky) invoke(t *testing.T, invocation acctest.Invocation) (string, acctest.Outcome) {
	t.Helper()
	o := invocation.Invoke(t.Context(), t)
	return l.said(t, o.Diagnostics, o.Progress...), o
}

// revokes and keeps return configurations that name keys by their descriptions.
func revokes(descriptions ...string) func(leaky) map[string]any {
	return func(l leaky) map[string]any {
		return map[string]any{"app_id": "tenant", "key_ids": l.ids(descriptions...)}
	}
}

func keeps(descriptions ...string) func(leaky) map[string]any {
	return func(l leaky) map[string]any {
		return map[string]any{"app_id": "tenant", "except_key_ids": l.ids(descriptions...), "allow_none": len(descriptions) == 0}
	}
}

// said returns diagnostics as text. It fails the test if they hold a secret.
func (l leaky) said(t *testing.T, diags []*tfprotov6.Diagnostic, progress ...string) string {
	t.Helper()
	text := strings.Join(progress, "\n") + "\n"
	for _, d := range diags {
		text += fmt.Sprintf("!%s %s: %s\n", d.Severity, d.Summary, d.Detail)
	}
	for _, secret := range l.Secrets() {
		if strings.Contains(text, secret) {
			t.Error("a message holds a secret")
		}
	}
	return text
}

// TestRevokeAppKeys: the plan says what the action does, and revokes nothing.
func TestRevokeAppKeys(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config          func(l leaky) map[string]any
		planned, result string
		left            string
	}{
		"one": {
			revokes("b"),
			"!WARNING App keys of emulator-user/tenant to revoke: 1 of 3: ", "Revoked 1 of 1 keys", "acz",
		},
		"one that is gone, one that is not": {
			func(l leaky) map[string]any {
				return map[string]any{"app_id": "tenant", "key_ids": append(l.ids("b"), l.UserID()+"/tenant/0123456789abcdef"), "user_id": l.UserID()}
			},
			"!WARNING Keys not found: The app emulator-user/tenant does not have these keys: emulator-user/tenant/0123456789abcdef. They were revoked already, or the IDs are wrong.",
			"!WARNING Keys not found", "acz",
		},
		"all but one": {
			keeps("c"),
			"!WARNING App keys of emulator-user/tenant to revoke: 2 of 3: ", "Revoked 2 of 2 keys", "cz",
		},
		"all but all": {
			keeps("a", "b", "c"),
			"!WARNING No keys to revoke: ", "Revoked 0 of 0 keys", "abcz",
		},
		"all": {
			keeps(),
			"!WARNING App keys of emulator-user/tenant to revoke: 3 of 3: ", "No key is left in the app emulator-user/tenant.", "z",
		},
	} {
		for setting, s := range map[string]emulator.Switches{"default": {}, "lagging deletes": {DeleteLag: 2}, "all-odd": emulator.Variants()["all-odd"]} {
			t.Run(name+", "+setting, func(t *testing.T) {
				t.Parallel()
				l := newLeaky(t, s)
				invocation := l.action(t, c.config(l))
				if diags := invocation.Validate(t); len(diags) > 0 {
					t.Fatal(l.said(t, diags))
				}
				if planned := l.said(t, invocation.Plan(t)); !strings.Contains(planned, c.planned) || l.left() != "abcz" {
					t.Errorf("planned: %s; left: %s", planned, l.left())
				}
				text, o := l.invoke(t, invocation)
				if !o.Completed || strings.Contains(text, "!ERROR") || !strings.Contains(text, c.result) || l.left() != c.left {
					t.Errorf("%s; left: %s", text, l.left())
				}
				for d, id := range l.id {
					gone := !strings.Contains(c.left, d)
					before, after := fmt.Sprintf("Revoking key %s (%q), ", id, d), fmt.Sprintf("Revoked key %s (%q), ", id, d)
					if strings.Contains(text, before) != gone || strings.Contains(text, after) != gone || strings.Index(text, before) > strings.Index(text, after) {
						t.Errorf("key %s: %s", d, text)
					}
				}
			})
		}
	}
}

// TestRevokeAppKeys_refused: what is wrong is said by whichever can know it first,
// and nothing is revoked.
func TestRevokeAppKeys_refused(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, emulator.Switches{})
	l.AddUser("stranger")
	raw := l.Keys(l.UserID(), "tenant")[0].ID
	missing := []string{l.UserID() + "/tenant/0123456789abcdef"}
	for name, c := range map[string]struct {
		config            map[string]any
		validated         string // "": nothing to say
		planned, finished string
	}{
		"nothing":       {map[string]any{}, "Set key_ids to the IDs", "Set key_ids to the IDs", "Set key_ids to the IDs"},
		"both":          {map[string]any{"key_ids": l.ids("a"), "except_key_ids": l.ids("b")}, "Both key_ids and except_key_ids", "Both key_ids", "Both key_ids"},
		"no IDs":        {map[string]any{"key_ids": []string{}}, "key_ids is empty", "key_ids is empty", "key_ids is empty"},
		"keep none":     {map[string]any{"except_key_ids": []string{}}, "set allow_none = true", "set allow_none = true", "set allow_none = true"},
		"another app":   {map[string]any{"key_ids": l.ids("a", "z")}, "is not one of the app emulator-user/tenant", "Key of another app", "Key of another app"},
		"another owner": {map[string]any{"key_ids": []string{"globex/tenant/0123456789abcdef"}}, "", "The key globex/tenant/0123456789abcdef is not one of the app emulator-user/tenant", "Key of another app"},
		"a raw key":     {map[string]any{"key_ids": []string{raw}}, "its fingerprint is " + clarifai.Secret(raw).Fingerprint(), "Invalid app key ID", "Invalid app key ID"},
		"a raw key in an ID": {map[string]any{"except_key_ids": []string{l.UserID() + "/tenant/" + raw}},
			"its fingerprint is " + clarifai.Secret(raw).Fingerprint(), "Invalid app key ID", "Invalid app key ID"},
		"no such app": {map[string]any{"app_id": "initech", "key_ids": []string{l.UserID() + "/initech/0123456789abcdef"}}, "",
			`!WARNING App not found: emulator-user has no app "initech". Check app_id and user_id. Unless this run creates it, the action fails.`,
			"!ERROR Cannot list app keys: emulator-user has no app \"initech\". Check app_id and user_id.\n\nNothing is revoked."},
		"no access": {map[string]any{"user_id": "stranger", "key_ids": []string{"stranger/tenant/0123456789abcdef"}}, "",
			`!ERROR Cannot list app keys: This PAT has no access to the account "stranger"`, `!ERROR Cannot list app keys: This PAT has no access`},
		"not there": {map[string]any{"key_ids": missing}, "", "!WARNING Keys not found", "!ERROR No keys to revoke: The app emulator-user/tenant has none of the keys of key_ids"},
		"none of those to keep is there": {map[string]any{"except_key_ids": missing}, "",
			"!ERROR No keys to keep: The app emulator-user/tenant has none of the keys of except_key_ids", "!ERROR No keys to keep"},
	} {
		if c.config["app_id"] == nil {
			c.config["app_id"] = "tenant"
		}
		invocation := l.action(t, c.config)
		if got := l.said(t, invocation.Validate(t)); (c.validated == "") != (got == "\n") || !strings.Contains(got, c.validated) {
			t.Errorf("%s: validated: %s", name, got)
		}
		apitest.Says(t, l.said(t, invocation.Plan(t)), c.planned)
		got, o := l.invoke(t, invocation)
		if !strings.Contains(got, c.finished) || !strings.Contains(got, "!ERROR") {
			t.Errorf("%s: %s", name, got)
		}
		for _, d := range o.Diagnostics {
			if d.Attribute != nil && strings.Contains(name, "raw key") {
				t.Errorf("%s: Terraform would show the line of the configuration", name)
			}
		}
	}
	if n := l.Count("DeleteKey"); n > 0 || l.left() != "abcz" {
		t.Errorf("%d requests to revoke a key", n)
	}
}

// TestRevokeAppKeys_fails: a failure midway does not keep the action from the
// other keys, and a second run finishes.
func TestRevokeAppKeys_fails(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, emulator.Switches{})
	l.Inject(emulator.Fault{Method: "DeleteKey", Skip: 1, Kind: "echo_key", HTTPStatus: 400})
	text, _ := l.invoke(t, l.action(t, keeps()(l)))
	says(t, text, "!ERROR Cannot revoke app key: Key "+l.id["b"], "Invoke the action again to revoke what is left.",
		"(\"b\"), 2 of 3; going on with the others.",
		"Revoked 2 of 3 keys of the app emulator-user/tenant.", "Keys left in the app emulator-user/tenant: 1\n")
	apitest.Equal(t, l.left(), "bz", "left")
	text, o := l.invoke(t, l.action(t, keeps()(l)))
	if len(o.Diagnostics) > 0 || l.left() != "z" || !strings.Contains(text, "No key is left") {
		t.Errorf("%s; left: %s", text, l.left())
	}
}

// TestRevokeAppKeys_listedLast: what cannot be listed at the end, or is new then, is said.
func TestRevokeAppKeys_listedLast(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, emulator.Switches{})
	l.Inject(emulator.Fault{Method: "ListAppKeys", Skip: 2, Times: -1, Kind: "status", HTTPStatus: 400}) // a page, and its end
	text, _ := l.invoke(t, l.action(t, revokes("a")(l)))
	if !strings.Contains(text, "!WARNING What remains is not known") || l.left() != "bcz" {
		t.Error(text)
	}
	l = newLeaky(t, emulator.Switches{})
	l.Inject(emulator.Fault{Method: "DeleteKey", Skip: 1, Kind: "latency", Latency: 200 * time.Millisecond})
	invocation := l.action(t, keeps("c")(l))
	invocation.Progress = func(message string) bool {
		if strings.Contains(message, `Revoked key`) && strings.Contains(message, `("a"), 1 of 2`) {
			must(t, l.PutKey(emulator.Key{ID: emulator.NewSecret(), UserID: l.UserID(), AppID: "tenant", Description: "new", Scopes: []string{"Predict"}}))
		}
		return true
	}
	if text, _ = l.invoke(t, invocation); !strings.Contains(text, "!WARNING New app keys: ") || l.left() != "cnewz" {
		t.Errorf("%s; left: %s", text, l.left())
	}
}
