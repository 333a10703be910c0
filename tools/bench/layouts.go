package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// layout is a fleet whose keys refer to their apps, as configurations of users do.
type layout struct {
	name    string
	n       int
	plans   []usage
	planned cli.Stats // of the last plan
	shard   cli.Stats // of a plan in an account of ten such shards; only for modules

	space    *workspace
	emulator counting
}

// The layouts, in the order they are measured.
const (
	flat        = "one `for_each`"
	modules     = "a module per tenant"
	twinModules = "the same modules with the twin that does nothing"
)

// flatLayout has all apps in one resource and all keys in another.
const flatLayout = `
variable "tenants" {
  type = map(object({ keys = map(object({ scopes = set(string) })) }))
}

provider "clarifai" {
  requests_per_second = 100000
}

locals {
  keys = merge([
    for id, tenant in var.tenants : { for purpose, key in tenant.keys : "${id}/${purpose}" => { id = id, purpose = purpose, scopes = key.scopes } }
  ]...)
}

resource "clarifai_app" "tenant" {
  for_each = var.tenants

  id = each.key
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "tenant" {
  for_each = local.keys

  app_id      = clarifai_app.tenant[each.value.id].id
  description = each.value.purpose
  scopes      = each.value.scopes
}

output "key_ids" {
  value = { for name, key in clarifai_app_key.tenant : name => key.id }
}
`

// layouts measures plans over n keys in one resource, in the module of
// examples/tenants with an instance per tenant, and in the same module with the
// twin, which shows what the provider adds to Terraform's own work.
func (b *bench) layouts(ctx context.Context, n int) (_ []*layout, err error) {
	scopes, err := b.programs.scopes(ctx, few)
	if err != nil {
		return nil, err
	}
	var all []*layout
	defer func() {
		for _, l := range all[:min(2, len(all))] {
			err = errors.Join(err, l.emulator.Stop())
		}
	}()
	for _, name := range []string{flat, modules} {
		l := &layout{name: name, n: n}
		if l.emulator, err = b.startEmulator(ctx, 0); err != nil {
			return nil, err
		}
		all = append(all, l)
		if err := b.layoutSpace(ctx, l, tenants(n, scopes)); err != nil {
			return nil, err
		}
		b.logf("%d keys, %s: apply", n, name)
		if _, err := l.space.apply(ctx); err != nil {
			return nil, err
		}
	}
	genuine := all[1]
	state, err := genuine.space.state()
	if err != nil {
		return nil, err
	}
	twin := &layout{name: twinModules, n: n, emulator: genuine.emulator}
	if err := b.layoutSpace(ctx, twin, tenants(n, scopes)); err != nil {
		return nil, err
	}
	if err := twin.space.setState([]byte(asTwin(string(state), "twin_idle_key"))); err != nil {
		return nil, err
	}
	all = append(all, twin)
	for round := range b.rounds(n) {
		b.logf("%d keys: layouts, round %d", n, round+1)
		for _, l := range all {
			if err := l.plan(ctx); err != nil {
				return nil, err
			}
		}
	}
	b.logf("%d keys: plan as one of ten shards", n)
	if err := cli.Seed(ctx, genuine.emulator.URL, 9*n/keysPerApp, keysPerApp); err != nil {
		return nil, err
	}
	shard := &layout{space: genuine.space, emulator: genuine.emulator}
	err = shard.plan(ctx)
	genuine.shard = shard.planned
	return all, err
}

// plan measures a plan.
func (l *layout) plan(ctx context.Context) (err error) {
	l.planned, err = l.emulator.during(ctx, func() error {
		u, err := l.space.plan(ctx)
		l.plans = append(l.plans, u)
		return err
	})
	return err
}

// layoutSpace creates the workspace of a layout.
func (b *bench) layoutSpace(ctx context.Context, l *layout, tenants []byte) (err error) {
	config := required("clarifai", "clarifai/clarifai") + flatLayout
	l.space, err = b.workspace(fmt.Sprintf("layout-%d-%s", l.n, strings.Fields(l.name)[0]), config, &l.emulator.Account)
	if err != nil {
		return err
	}
	if l.name != flat {
		l.space.Env = append(l.space.Env, "TF_VAR_requests_per_second=100000")
		if err := l.space.copyExample(b.settings.root, l.name == twinModules); err != nil {
			return err
		}
		// init would look for the providers, which overrides replace.
		if r := l.space.Run(ctx, "get"); r.Err != nil {
			return fmt.Errorf("get: %w\n%s", r.Err, r.Output)
		}
	}
	return l.space.Write("bench.auto.tfvars.json", string(tenants))
}

// copyExample replaces the configuration by that of examples/tenants.
func (w *workspace) copyExample(root string, twin bool) error {
	for _, folder := range []string{"", "modules/tenant"} {
		files, err := filepath.Glob(filepath.Join(root, "examples", "tenants", folder, "*.tf"))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(w.Dir, folder), 0o700); err != nil {
			return err
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			text := string(content)
			if twin {
				text = asTwin(text, "twin_idle_key")
			}
			if err := w.Write(filepath.Join(folder, filepath.Base(file)), text); err != nil {
				return err
			}
		}
	}
	return nil
}

// tenants returns the values of a variable with n keys.
func tenants(n int, scopes []string) []byte {
	type key struct {
		Scopes []string `json:"scopes"`
	}
	type tenant struct {
		Keys map[string]key `json:"keys"`
	}
	all := map[string]tenant{}
	for i := range n {
		id := fmt.Sprintf("tenant-%d", i/keysPerApp)
		if all[id].Keys == nil {
			all[id] = tenant{map[string]key{}}
		}
		all[id].Keys[fmt.Sprintf("key-%d", i%keysPerApp)] = key{scopes}
	}
	content, err := json.Marshal(map[string]any{"tenants": all})
	if err != nil {
		panic(err) // strings always have a form in JSON
	}
	return content
}

// writeLayouts writes what a plan takes in each layout.
func (r *results) writeLayouts(w io.Writer) {
	if len(r.layouts) == 0 {
		return
	}
	fmt.Fprint(w, "\nA plan over keys that refer to their apps, by layout.\n\n"+
		"| keys | layout | requests | time | CPU, CLI and provider | CPU, provider |\n|---|---|---|---|---|---|\n")
	for _, l := range r.layouts {
		u := middle(l.plans)
		fmt.Fprintf(w, "| %d | %s | %d | %s | %s | %s (%d %%) |\n", l.n, l.name, l.planned.Requests,
			seconds(u.Wall), seconds(u.CPU), seconds(u.ProviderCPU), 100*u.ProviderCPU/max(1, u.CPU))
	}
	fmt.Fprintln(w)
	for _, l := range r.layouts {
		if l.shard.Requests > 0 {
			fmt.Fprintf(w, "The same plan of %d keys as one of ten shards of an account: %d requests, %s.\n", l.n, l.shard.Requests, methods(l.shard))
		}
	}
}
