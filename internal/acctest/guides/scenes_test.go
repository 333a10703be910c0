package guides

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// scene is what surrounds a reader: the account, and what happens in it meanwhile.
type scene struct {
	*acctest.World
	*reader
}

// scenes are what some guides find when they begin.
var scenes = map[string]func(*testing.T, scene){
	"adopting.md": byHand,
	"getting-started.md": func(t *testing.T, s scene) {
		t.Helper()
		archives(t, s.dir)
		s.forgetAccount()
	},
	"testing.md": func(_ *testing.T, s scene) { s.forgetAccount() },
}

// events are what happens while a reader follows a guide.
var events = map[string]func(scene) error{
	"the reader types the PAT of the other account": func(s scene) error {
		return s.typeLine(s.AddUser("my-organization-staging"))
	},
	"the reader types the leaked key": func(s scene) error {
		leaked, err := os.ReadFile(filepath.Join(s.dir, "leaked"))
		return errors.Join(err, s.typeLine(string(leaked)))
	},
	"the reader types the key that the script created": func(s scene) error {
		key := s.byHand("acme-staging", "made by a script", "Apps:Get", "Inputs:Get")
		return errors.Join(s.PutKey(key), s.typeLine(key.ID))
	},
	"the nightly apply fails for 92 days": past("next_rotation_at"),
	"92 days pass":                        past("next_rotation_at"),
	"the key rotates, but the store refuses it": func(s scene) error {
		return errors.Join(past("next_rotation_at")(s), s.follow(block{language: "shell", text: `
mv store moved && touch store
! terraform apply -auto-approve
rm store && mv moved store
`}))
	},
	"killed runs leave temporary keys, one two days ago and one an hour ago": func(s scene) error {
		var errs []error
		for made, age := range map[string]time.Duration{"two days ago": 48 * time.Hour, "an hour ago": time.Hour} {
			key := s.byHand("acme-production", "Temporary key of a Terraform run, made "+made, "Predict")
			key.CreatedAt = time.Now().Add(-age)
			errs = append(errs, s.PutKey(key))
		}
		return errors.Join(errs...)
	},
	"somebody changes the description of the app, and creates a key": func(s scene) error {
		return errors.Join(
			s.EditApp(s.UserID(), "acme-production", func(a *emulator.App) { a.Description = "changed by hand" }),
			s.PutKey(s.byHand("acme-production", "by hand", "All")))
	},
	"somebody deletes the key": func(s scene) error {
		return s.DeleteKey(s.Keys(s.UserID(), "acme-production")[0].ID)
	},
	"somebody created a key with all scopes by hand, 91 days ago": func(s scene) error {
		key := s.byHand("acme-production", "by hand", "All")
		key.CreatedAt = time.Now().AddDate(0, 0, -91)
		return s.PutKey(key)
	},
	"somebody creates a key at night": func(s scene) error {
		return s.PutKey(s.byHand("globex", "made at night", "All"))
	},
}

// byHand returns a key that nothing manages, with a value of its own.
func (s scene) byHand(app, description string, scopes ...string) emulator.Key {
	return emulator.Key{ID: fmt.Sprintf("%032x", s.LiveKeys()+1), UserID: s.UserID(), AppID: app, Description: description, Scopes: scopes}
}

// byHand makes an account as people leave it behind.
func byHand(t *testing.T, s scene) {
	t.Helper()
	for _, app := range []string{"acme-production", "acme-staging", "globex"} {
		must(t, s.PutApp(emulator.App{ID: app, UserID: s.UserID(), Description: "made by hand"}))
	}
	limited := s.byHand("acme-staging", "limited", "Apps:Get", "Inputs:Get")
	limited.Endpoints = []string{"/clarifai.api.V2/ListInputs"}
	for i, key := range []emulator.Key{
		s.byHand("acme-production", "everything", "All"), s.byHand("acme-production", "", "Apps:Get", "Predict", "Models:Get"), limited,
	} {
		key.ID = fmt.Sprintf("%032x", i+100)
		must(t, s.PutKey(key))
	}
}

// past returns an event after which a date in the state was two days ago.
func past(attribute string) func(scene) error {
	return func(s scene) error {
		name := filepath.Join(s.dir, "terraform.tfstate")
		state, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		date := regexp.MustCompile(`"` + attribute + `": "[^"]+"`)
		if !date.Match(state) {
			return fmt.Errorf("no %s in the state", attribute)
		}
		over := fmt.Sprintf("%q: %q", attribute, time.Now().UTC().AddDate(0, 0, -2).Format(time.RFC3339))
		return os.WriteFile(name, date.ReplaceAll(state, []byte(over)), 0o600)
	}
}

// forgetAccount removes what the environment says of an account: the guide starts
// an emulator itself.
func (s scene) forgetAccount() {
	s.cmd.Env = slices.DeleteFunc(s.cmd.Env, func(v string) bool { return strings.HasPrefix(v, "CLARIFAI_") })
}
