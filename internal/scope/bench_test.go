package scope_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var sizes = []int{3, 60, 115}

// offered returns n scopes, sorted.
func offered(n int) []string {
	var out []string
	for _, s := range scope.All() {
		if s.Offered && len(out) < n {
			out = append(out, s.Name)
		}
	}
	return out
}

// twins runs a benchmark with this package's set type and with the framework's.
func twins(b *testing.B, run func(b *testing.B, names []string, typ attr.Type)) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%d/custom", n), func(b *testing.B) { run(b, offered(n), scope.SetType{}) })
		b.Run(fmt.Sprintf("%d/plain", n), func(b *testing.B) { run(b, offered(n), types.SetType{ElemType: types.StringType}) })
	}
}

func value(b *testing.B, typ attr.Type, names []string) attr.Value {
	b.Helper()
	v, err := typ.ValueFromTerraform(context.Background(), wireStrings(names))
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func BenchmarkEqual(b *testing.B) {
	twins(b, func(b *testing.B, names []string, typ attr.Type) {
		v, w := value(b, typ, names), value(b, typ, slices.Clone(names))
		for b.Loop() {
			if !v.Equal(w) {
				b.Fatal("not equal")
			}
		}
	})
}

// BenchmarkValidate includes the conversion from the wire: the framework does both for each value.
func BenchmarkValidate(b *testing.B) {
	ctx := context.Background()
	twins(b, func(b *testing.B, names []string, typ attr.Type) {
		in := wireStrings(names)
		for b.Loop() {
			v, err := typ.ValueFromTerraform(ctx, in)
			if err != nil {
				b.Fatal(err)
			}
			switch v := v.(type) {
			case xattr.ValidateableAttribute:
				var resp xattr.ValidateAttributeResponse
				v.ValidateAttribute(ctx, xattr.ValidateAttributeRequest{Path: path.Root("scopes")}, &resp)
			default:
				typ.(types.SetType).Validate(ctx, in, path.Root("scopes"))
			}
		}
	})
}

// BenchmarkSemanticEquals measures only this package's type. The framework's type has no such method; BenchmarkRead
// shows what the framework does instead.
func BenchmarkSemanticEquals(b *testing.B) {
	for _, n := range sizes {
		want, closed := scope.NewSet(offered(n)), scope.NewSet(scope.Closure(offered(n)))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if ok, _ := closed.SetSemanticEquals(context.Background(), want); !ok {
					b.Fatal("not equal")
				}
			}
		})
	}
}

func BenchmarkEquivalent(b *testing.B) {
	for _, n := range sizes {
		want, server := offered(n), offered(n)
		slices.Reverse(server)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				scope.Equivalent(want, server)
			}
		})
	}
}

// servers runs a benchmark through both provider servers. The API's answer is in another order than Terraform's.
func servers(b *testing.B, run func(b *testing.B, s tfprotov6.ProviderServer, names []string)) {
	for _, n := range sizes {
		answer := offered(n)
		slices.Reverse(answer)
		b.Run(fmt.Sprintf("%d/custom", n), func(b *testing.B) { run(b, customServer(answer), offered(n)) })
		b.Run(fmt.Sprintf("%d/plain", n), func(b *testing.B) { run(b, plainServer(answer), offered(n)) })
	}
}

func BenchmarkRead(b *testing.B) {
	servers(b, func(b *testing.B, s tfprotov6.ProviderServer, names []string) {
		state := keyState(b, "1", "d", wireStrings(names))
		b.ReportAllocs()
		for b.Loop() {
			read(b, s, state)
		}
	})
}

func BenchmarkReadDrift(b *testing.B) {
	servers(b, func(b *testing.B, s tfprotov6.ProviderServer, names []string) {
		state := keyState(b, "1", "d", wireStrings(append([]string{"Gone:Get"}, names...)))
		b.ReportAllocs()
		for b.Loop() {
			read(b, s, state)
		}
	})
}

func BenchmarkPlanUnchanged(b *testing.B) { benchmarkPlan(b, "d") }

func BenchmarkPlanUpdate(b *testing.B) { benchmarkPlan(b, "another description") }

// benchmarkPlan plans a key whose description in state is "d".
func benchmarkPlan(b *testing.B, description string) {
	servers(b, func(b *testing.B, s tfprotov6.ProviderServer, names []string) {
		scopes := wireStrings(names)
		req := tfprotov6.PlanResourceChangeRequest{Config: keyState(b, nil, description, scopes),
			PriorState: keyState(b, "1", "d", scopes), ProposedNewState: keyState(b, "1", description, scopes)}
		b.ReportAllocs()
		for b.Loop() {
			plan(b, s, req)
		}
	})
}

// BenchmarkReadAndPlan measures a refresh and a plan without changes, the work of a nightly drift check per key.
func BenchmarkReadAndPlan(b *testing.B) {
	servers(b, func(b *testing.B, s tfprotov6.ProviderServer, names []string) {
		scopes := wireStrings(names)
		config, state := keyState(b, nil, "d", scopes), keyState(b, "1", "d", scopes)
		b.ReportAllocs()
		for b.Loop() {
			now := read(b, s, state)
			plan(b, s, tfprotov6.PlanResourceChangeRequest{Config: config, PriorState: now, ProposedNewState: now})
		}
	})
}
