package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// layout is a fleet whose keys refer to their apps, as configurations of users do,
// laid out in one of two ways.
type layout struct {
	name    string
	n       int
	plans   []usage
	planned cli.Stats // of the last plan
	shard   cli.Stats // of a plan in an account of ten such shards; only for modules
}

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

// layouts measures plans over n keys in one resource, and in the module of
// examples/tenants with an instance per tenant.
func (b *bench) layouts(ctx context.Context, n int) (_ []*layout, err error) {
	scopes, err := b.programs.scopes(ctx, few)
	if err != nil {
		return nil, err
	}
	flat, modules := &layout{name: "one `for_each`", n: n}, &layout{name: "a module per tenant", n: n}
	var spaces []*workspace
	var emulators []*cli.Emulator
	defer func() {
		for _, e := range emulators {
			err = errors.Join(err, e.Stop())
		}
	}()
	for _, l := range []*layout{flat, modules} {
		b.logf("%d keys, %s: apply", n, l.name)
		e, err := b.startEmulator(ctx, 0, "")
		if err != nil {
			return nil, err
		}
		emulators = append(emulators, e)
		w, err := b.layoutWorkspace(ctx, layoutFolder{fmt.Sprintf("layout-%d-%d", n, len(spaces)), l == modules, tenants(n, scopes)}, &e.Account)
		if err != nil {
			return nil, err
		}
		spaces = append(spaces, w)
		if _, err := w.apply(ctx); err != nil {
			return nil, err
		}
	}
	for round := range b.rounds(n) {
		b.logf("%d keys: layouts, round %d", n, round+1)
		for i, l := range []*layout{flat, modules} {
			if err := l.plan(ctx, spaces[i], emulators[i]); err != nil {
				return nil, err
			}
		}
	}
	return []*layout{flat, modules}, b.shardPlan(ctx, modules, spaces[1], emulators[1])
}

// plan measures a plan.
func (l *layout) plan(ctx context.Context, w *workspace, e *cli.Emulator) error {
	before, err := e.Stats(ctx)
	if err != nil {
		return err
	}
	u, err := w.plan(ctx)
	if err != nil {
		return err
	}
	after, err := e.Stats(ctx)
	l.plans, l.planned = append(l.plans, u), after.Since(before)
	return err
}

// shardPlan plans the fleet again in an account that has nine more of its size.
func (b *bench) shardPlan(ctx context.Context, l *layout, w *workspace, e *cli.Emulator) error {
	b.logf("%d keys: plan as one of ten shards", l.n)
	if err := cli.Seed(ctx, e.URL, 9*l.n/keysPerApp, keysPerApp); err != nil {
		return err
	}
	shard := &layout{}
	err := shard.plan(ctx, w, e)
	l.shard = shard.planned
	return err
}

// layoutFolder says what a workspace of a layout contains.
type layoutFolder struct {
	name    string
	modules bool
	tenants []byte
}

func (b *bench) layoutWorkspace(ctx context.Context, f layoutFolder, account *cli.Account) (*workspace, error) {
	config := required("clarifai", "clarifai/clarifai") + flatLayout
	if f.modules {
		config = ""
	}
	w, err := b.workspace(f.name, config, account)
	if err != nil {
		return nil, err
	}
	if f.modules {
		w.Env = append(w.Env, "TF_VAR_requests_per_second=100000")
		if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
			return nil, err
		}
		if err := os.CopyFS(w.Dir, os.DirFS(filepath.Join(b.settings.root, "examples", "tenants"))); err != nil {
			return nil, err
		}
		// init would look for the providers, which overrides replace.
		if r := w.Run(ctx, "get"); r.Err != nil {
			return nil, fmt.Errorf("get: %w\n%s", r.Err, r.Output)
		}
	}
	return w, w.Write("bench.auto.tfvars.json", string(f.tenants))
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
