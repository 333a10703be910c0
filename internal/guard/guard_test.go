package guard

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// TestEveryCallIsGuarded calls each method of the protocol on a server that
// panics in all of them: its Server is nil.
func TestEveryCallIsGuarded(t *testing.T) {
	t.Parallel()
	guarded := New(struct{ Server }{}, func(string) string { return "[redacted]" })
	protocol := reflect.TypeFor[Server]()
	for method := range protocol.Methods() {
		t.Run(method.Name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if v := recover(); v != nil {
					t.Errorf("not guarded: %v", v)
				}
			}()
			var log bytes.Buffer
			method, ctx := reflect.ValueOf(guarded).MethodByName(method.Name), tflogtest.RootLogger(t.Context(), &log)
			out := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.New(method.Type().In(1).Elem())})
			err, _ := reflect.TypeAssert[error](out[1])
			apitest.Says(t, log.String(), `"stack":"[redacted]"`)
			if !out[0].IsNil() || err == nil || !strings.Contains(err.Error(), "panicked") || !strings.HasSuffix(err.Error(), "[redacted]") {
				t.Errorf("%v, %v", out[0], err)
			}
		})
	}
}

// TestFrameworkServesNothingElse: a call that a newer framework answers, in an
// interface that Server lacks, would be lost behind the guard. The provider has no
// state stores.
func TestFrameworkServesNothingElse(t *testing.T) {
	t.Parallel()
	framework, guarded := reflect.TypeOf(providerserver.NewProtocol6(empty{})()), reflect.TypeFor[Server]()
	stores := reflect.TypeFor[tfprotov6.StateStoreServer]()
	calls := 0
	for m := range framework.Methods() {
		if m.Type.NumIn() != 3 || m.Type.In(1) != reflect.TypeFor[context.Context]() || m.Type.NumOut() != 2 {
			continue
		}
		if _, ofStore := stores.MethodByName(m.Name); ofStore {
			continue
		}
		calls++
		if _, ok := guarded.MethodByName(m.Name); !ok {
			t.Errorf("the framework answers %s, which the guard does not pass on", m.Name)
		}
	}
	apitest.Equal(t, calls, guarded.NumMethod(), "calls that the framework answers, and the guard passes on")
}

// empty is a provider of nothing.
type empty struct{}

func (empty) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse)    {}
func (empty) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (empty) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (empty) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (empty) Resources(context.Context) []func() resource.Resource                              { return nil }

// keeper keeps the context of a call, as the framework does, and answers with resp and err.
type keeper struct {
	Server
	kept context.Context
	resp *tfprotov6.ReadResourceResponse
	err  error
}

func (k *keeper) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	k.kept = ctx
	if ctx.Value(name{}) != "call" {
		return nil, errors.New("the context is not the call's")
	}
	return k.resp, k.err
}

// TestCall passes answers and errors on as they are, and releases the context.
func TestCall(t *testing.T) {
	t.Parallel()
	for _, want := range []error{nil, errors.New("refused")} {
		k := &keeper{resp: &tfprotov6.ReadResourceResponse{}, err: want}
		got, err := New(k, redactSecret).ReadResource(context.WithValue(t.Context(), name{}, "call"), &tfprotov6.ReadResourceRequest{})
		if got != k.resp || !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
		if k.kept.Value(name{}) != nil {
			t.Error("the call is over, and its context is still held")
		}
	}
}
