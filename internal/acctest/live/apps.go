package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// description is the description of the app.
const description = "made by make testlive of terraform-provider-clarifai"

// askNewApp creates the app and learns from the answers about it.
func (p *probe) askNewApp(ctx context.Context) error {
	p.app = p.run + "-a"
	created, err := p.postApp(ctx, "creating an app", p.app, fields{"description": description,
		"default_workflow": fields{"id": "Empty", "user_id": "clarifai", "app_id": "main"}})
	if err != nil {
		return err
	}
	if created.refused() {
		return errors.New("creating an app: " + created.String())
	}
	apps := objects(created.body["apps"])
	if len(apps) != 1 {
		return fmt.Errorf("creating an app: the answer has %d apps", len(apps))
	}
	if owner := text(apps[0]["user_id"]); owner != "" {
		p.owner = owner
	}
	switch {
	case p.asked == p.me:
		p.record("app_owner", "", "only an organization shows it: set CLARIFAI_USER_ID to one that the PAT may act for")
	case p.owner == p.asked:
		p.record("app_owner", "path", "the app belongs to the organization in the path")
	case p.owner == p.me:
		p.record("app_owner", "caller", "the app belongs to the owner of the PAT, not to the organization in the path")
	}
	value := "full"
	if text(apps[0]["description"]) == "" {
		value = "bare"
	}
	p.record("write_answers", value, "the answer to PostApps has %d fields", len(apps[0]))

	keys, err := p.listAppKeys(ctx, p.app)
	if err != nil {
		return err
	}
	p.record("default_key", strconv.FormatBool(len(keys) > 0), "a new app has %d keys", len(keys))

	read, err := p.getApp(ctx, p.app)
	if err != nil {
		return err
	}
	p.learnFromApp(read)
	return nil
}

// learnFromApp records what the answer to GetApp shows.
func (p *probe) learnFromApp(read answer) {
	app := object(read.body["app"])
	switch workflow := object(app["default_workflow"]); text(workflow["app_id"]) {
	case p.app:
		p.record("default_workflow", "copied", "default_workflow is in the app")
	case "main":
		p.record("default_workflow", "referenced", "default_workflow is in app main")
	}
	switch gettable := object(app["visibility"])["gettable"].(type) {
	case json.Number:
		p.record("enums", "numbers", "visibility is %s", gettable)
	case string:
		p.record("enums", "names", "visibility is %s", gettable)
	}
	created := text(app["created_at"])
	_, fraction, _ := strings.Cut(strings.TrimSuffix(created, "Z"), ".")
	switch len(fraction) {
	case 6:
		p.record("timestamps", "micro", "created_at has 6 digits")
	case 9:
		p.record("timestamps", "nano", "created_at has 9 digits")
	}
	p.open(fmt.Sprintf("GetApp answers created_at %q, visibility %v and default_workflow %v", created, app["visibility"], app["default_workflow"]))
}

func (p *probe) askDuplicateApp(ctx context.Context) error {
	got, err := p.postApp(ctx, "creating an app that exists", p.app, nil)
	if err != nil {
		return err
	}
	if !got.refused() {
		return errors.New("an app that exists was created again")
	}
	p.record("duplicate_app_code", got.code, "%s", got)
	return nil
}

// askClearStrings sets the description of the app to an empty string.
func (p *probe) askClearStrings(ctx context.Context) error {
	_, err := p.ok(ctx, request{what: "clearing the description of an app", verb: "PATCH", path: []string{"users", p.owner, "apps", p.app},
		body: fields{"action": "overwrite", "app": fields{"id": p.app, "description": ""}}, apps: []string{p.app}})
	if err != nil {
		return err
	}
	read, err := p.getApp(ctx, p.app)
	if err != nil {
		return err
	}
	value := "ignored"
	if text(object(read.body["app"])["description"]) == "" {
		value = "honored"
	}
	p.record("clear_strings", value, "after a PATCH with an empty description of an app")
	return nil
}

// askMaxAppIDLength looks for the longest ID that an app can have, between the
// documented 32 and far more.
func (p *probe) askMaxAppIDLength(ctx context.Context) error {
	const tooLong = 257
	longest, refused := 32, tooLong
	note := ""
	for refused-longest > 1 {
		length := (longest + refused) / 2
		id := p.run + "-" + strings.Repeat("x", length-len(p.run)-1)
		got, err := p.postApp(ctx, "creating an app with a long ID", id, nil)
		if err != nil {
			return err
		}
		if got.code == "11000" || got.code == "11006" {
			return errors.New("the account is at its limit of apps: " + got.String())
		}
		if got.refused() {
			refused, note = length, got.String()
			continue
		}
		longest = length
		if err := p.deleteApp(ctx, p.owner, id); err != nil {
			return err
		}
	}
	if refused == tooLong {
		note = "longer ones were not tried"
	}
	p.record("max_app_id_length", strconv.Itoa(longest), "%s", note)
	return nil
}

// askMyScopesUser asks for the scopes of a user that does not exist.
func (p *probe) askMyScopesUser(ctx context.Context) error {
	got, err := p.do(ctx, request{what: "asking for the scopes of nobody", verb: "GET", path: []string{"users", p.run + "-nobody", "myscopes"}})
	if err != nil {
		return err
	}
	value := "ignored"
	if got.refused() {
		value = "checked"
	}
	p.record("my_scopes_user", value, "%s", got)
	return nil
}
