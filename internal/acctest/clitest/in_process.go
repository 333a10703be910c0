package clitest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// address is the provider's, in full: a short one means another registry in OpenTofu.
const address = "registry.terraform.io/clarifai/clarifai"

// InProcess creates an empty workspace whose runs use the provider in the process of the
// test, as [acctest.World.Provider] makes it, for the emulator of the test. All its
// provider blocks are one, so a configuration with an alias needs [New].
func InProcess(t *testing.T, w *acctest.World) *Workspace {
	t.Helper()
	w.Environment = map[string]string{"CLARIFAI_API_BASE": w.URL, "CLARIFAI_USER_ID": w.UserID(), "CLARIFAI_PAT": w.PAT()}
	ctx, cancel := context.WithCancel(context.Background())
	reattach, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve(address, func() tfprotov6.ProviderServer { return w.Server() },
			tf6server.WithDebug(ctx, reattach, closed), tf6server.WithoutLogStderrOverride(), tf6server.WithLoggingSink(t),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() { cancel(); <-closed })
	r := <-reattach
	running := map[string]any{
		"Protocol": r.Protocol, "ProtocolVersion": r.ProtocolVersion, "Pid": r.Pid, "Test": true,
		"Addr": map[string]string{"Network": r.Addr.Network(), "String": r.Addr.String()},
	}
	setting, err := json.Marshal(map[string]any{address: running})
	apitest.Must(t, err)
	ws := newWorkspace(t, cli.Options{Env: []string{"TF_REATTACH_PROVIDERS=" + string(setting)}})
	ws.source = address
	return ws
}
