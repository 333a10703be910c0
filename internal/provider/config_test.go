package provider_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

const cliFile = `
current_context: alice
contexts:
  alice: {CLARIFAI_API_BASE: "https://alice.example", CLARIFAI_USER_ID: alice, CLARIFAI_PAT: alices-pat}
  bob: {CLARIFAI_USER_ID: bob, CLARIFAI_PAT: ENVVAR}
`

// machine is an environment with these variables and this CLI config file.
func machine(variables map[string]string, file any) provider.Environment {
	return provider.Environment{
		Getenv: func(name string) string { return variables[name] },
		Home:   func() (string, error) { return "/home/x", nil },
		ReadFile: func(name string) ([]byte, error) {
			switch f := file.(type) {
			case string:
				if strings.HasSuffix(name, "/.config/clarifai/config") {
					return []byte(f), nil
				}
				if strings.HasSuffix(name, "not.pem") {
					return []byte("no certificate"), nil
				}
			case error:
				return nil, &fs.PathError{Op: "open", Path: name, Err: f}
			}
			return nil, fs.ErrNotExist
		},
	}
}

// settings are what a provider was configured with.
type settings struct {
	clarifai.Config
	UserID string
}

// configure returns what the provider was configured with, or its diagnostics.
func configure(t *testing.T, env provider.Environment, block map[string]any) (cfg settings, text string) {
	t.Helper()
	p := provider.New("test", provider.WithEnvironment(env),
		provider.WithClient(func(c *clarifai.Config) { cfg.Config = *c }),
		provider.WithInventory(func(c *inventory.Config) { cfg.UserID = c.UserID }))
	ctx := context.Background()
	var schema fwprovider.SchemaResponse
	p.Schema(ctx, fwprovider.SchemaRequest{}, &schema)
	kind := schema.Schema.Type().TerraformType(ctx).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attribute := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, block[name])
	}
	var resp fwprovider.ConfigureResponse
	p.Configure(ctx, fwprovider.ConfigureRequest{TerraformVersion: "1.15.0", Config: tfsdk.Config{Schema: schema.Schema, Raw: tftypes.NewValue(kind, values)}}, &resp)
	for _, d := range resp.Diagnostics {
		text += d.Summary() + ": " + d.Detail() + "\n"
	}
	return cfg, text
}

// TestConfigure_order takes each setting from the block, then the environment,
// then the CLI's file.
func TestConfigure_order(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"CLARIFAI_PAT": "env-pat", "CLARIFAI_USER_ID": "env-user", "CLARIFAI_API_BASE": "https://env.example"}
	for name, c := range map[string]struct {
		variables       map[string]string
		file            any
		block           map[string]any
		pat, user, base string
	}{
		"block":                       {variables, cliFile, map[string]any{"pat": "p", "user_id": "u", "api_base": "https://b.example"}, "p", "u", "https://b.example"},
		"environment":                 {variables, cliFile, nil, "env-pat", "env-user", "https://env.example"},
		"file":                        {nil, cliFile, nil, "alices-pat", "alice", "https://alice.example"},
		"each by itself":              {map[string]string{"CLARIFAI_USER_ID": "env-user"}, cliFile, map[string]any{"pat": "p"}, "p", "env-user", ""},
		"a context":                   {map[string]string{"CLARIFAI_PAT": "env-pat"}, cliFile, map[string]any{"context": "bob"}, "env-pat", "bob", ""},
		"a block beside a context":    {nil, cliFile, map[string]any{"context": "bob", "pat": "p", "api_base": "https://b.example"}, "p", "bob", "https://b.example"},
		"a context with its PAT":      {nil, cliFile, map[string]any{"context": "alice"}, "alices-pat", "alice", "https://alice.example"},
		"a context for another PAT":   {nil, cliFile, map[string]any{"context": "alice", "pat": "p"}, "p", "alice", "https://alice.example"},
		"a PAT beside the file":       {map[string]string{"CLARIFAI_PAT": "env-pat"}, cliFile, nil, "env-pat", "", ""},
		"current context with ENVVAR": {map[string]string{"CLARIFAI_PAT": "env-pat"}, strings.Replace(cliFile, "current_context: alice", "current_context: bob", 1), nil, "env-pat", "", ""},
		"PAT and host of the file":    {map[string]string{"CLARIFAI_USER_ID": "env-user"}, cliFile, nil, "alices-pat", "env-user", "https://alice.example"},
		"unreadable, not needed":      {map[string]string{"CLARIFAI_PAT": "env-pat"}, fs.ErrPermission, nil, "env-pat", "", ""},
		"broken, not needed":          {nil, "}{", map[string]any{"pat": "p"}, "p", "", ""},
		"context, nothing missing":    {variables, fs.ErrPermission, map[string]any{"context": "bob", "pat": "p", "user_id": "u", "api_base": "https://b.example"}, "p", "u", "https://b.example"},
		"ENVVAR in the block":         {map[string]string{"CLARIFAI_PAT": "env-pat"}, nil, map[string]any{"pat": "ENVVAR"}, "env-pat", "", ""},
		"a line end behind the PAT":   {nil, nil, map[string]any{"pat": "p\n"}, "p", "", ""},
		"spaces in the environment":   {map[string]string{"CLARIFAI_PAT": " env-pat \r\n"}, nil, nil, "env-pat", "", ""},
		"broken file, nothing needed": {variables, "}{", nil, "env-pat", "env-user", "https://env.example"},
		"no contexts in the file":     {map[string]string{"CLARIFAI_PAT": "env-pat"}, "", nil, "env-pat", "", ""},
	} {
		cfg, text := configure(t, machine(c.variables, c.file), c.block)
		if text != "" || cfg.PAT != c.pat || cfg.UserID != c.user || cfg.BaseURL != c.base {
			t.Errorf("%s: %q %q %q\n%s", name, cfg.PAT, cfg.UserID, cfg.BaseURL, text)
		}
	}
}

// TestConfigure_refused: errors say what is wrong and what to do, and quote no PAT, not
// even one, or what looks like one, in the place of an ID or a URL.
func TestConfigure_refused(t *testing.T) {
	t.Parallel()
	secret := apitest.NewSecret()
	const pem = "CLARIFAI_ROOT_CERTIFICATES_PATH"
	for name, c := range map[string]struct {
		variables map[string]string
		file      any
		block     map[string]any
		want      []string
	}{
		"nothing":              {nil, nil, nil, []string{"found none in pat, in the environment variable CLARIFAI_PAT or in the", "~/.config/clarifai/config", "export CLARIFAI_PAT="}},
		"ENVVAR without one":   {nil, cliFile, map[string]any{"context": "bob"}, []string{"CLARIFAI_PAT"}},
		"unknown context":      {nil, cliFile, map[string]any{"context": "carol"}, []string{`"carol"`, "alice, bob", "Set context to one that the file has"}},
		"context without file": {nil, nil, map[string]any{"context": "bob", "pat": "p"}, []string{`"bob"`, "/home/x/.config/clarifai/config", "which does not exist", "Remove context, or run `clarifai login`.", "context = var.context"}},
		"unreadable context":   {map[string]string{"CLARIFAI_PAT": "p"}, fs.ErrPermission, map[string]any{"context": "bob"}, []string{"permission denied", "remove context"}},
		"a space in the PAT":   {map[string]string{"CLARIFAI_PAT": "a b"}, nil, nil, []string{"a space", "from CLARIFAI_PAT"}},
		"unreadable file":      {nil, fs.ErrPermission, nil, []string{"/home/x/.config/clarifai/config: permission denied", "CLARIFAI_", "pat"}},
		"broken file":          {nil, "}{alices-pat", nil, []string{"not the YAML", "Fix the file", "set pat"}},
		"context without PAT":  {map[string]string{"CLARIFAI_PAT": "env-pat"}, "contexts: {x: {CLARIFAI_USER_ID: u}}", map[string]any{"context": "x"}, []string{`context = "x"`, "neither the block nor that context", "not asked"}},
		"empty variable":       {map[string]string{"CLARIFAI_PAT": " "}, cliFile, map[string]any{"context": "bob"}, []string{`The context "bob"`, "CLARIFAI_PAT", "ENVVAR", "export CLARIFAI_PAT="}},
		"lost current context": {nil, "current_context: x\ncontexts: {alice: {CLARIFAI_PAT: alices-pat}}", nil, []string{`"x"`, "alice"}},
		"http":                 {map[string]string{"CLARIFAI_API_BASE": "http://example.com", "CLARIFAI_PAT": "p"}, nil, nil, []string{"CLARIFAI_API_BASE", "https"}},
		"no such certificates": {map[string]string{pem: "/no.pem", "CLARIFAI_PAT": "p"}, nil, nil, []string{pem, "root_certificates_path", "/no.pem: ", "Name a PEM file"}},
		"no PEM":               {map[string]string{pem: "/not.pem", "CLARIFAI_PAT": "p"}, cliFile, nil, []string{"/not.pem", pem, "root_certificates_path", "PEM"}},

		"swapped variables":     {map[string]string{"CLARIFAI_PAT": "acme", "CLARIFAI_USER_ID": secret}, nil, nil, []string{"value of CLARIFAI_USER_ID", "swapped"}},
		"user_id is the PAT":    {nil, nil, map[string]any{"pat": "short-pat", "user_id": "short-pat"}, []string{"value of user_id in the provider block"}},
		"api_base is the PAT":   {map[string]string{"CLARIFAI_PAT": secret, "CLARIFAI_API_BASE": secret}, nil, nil, []string{"Invalid api_base", "value of CLARIFAI_API_BASE"}},
		"a URL around the PAT":  {map[string]string{"CLARIFAI_PAT": "p", "CLARIFAI_API_BASE": "https://" + secret + "/"}, nil, nil, []string{"value of CLARIFAI_API_BASE"}},
		"a bad URL with a PAT":  {map[string]string{"CLARIFAI_PAT": "p", "CLARIFAI_API_BASE": "http://" + secret + ".example"}, nil, nil, []string{"plain http"}},
		"user_id in the file":   {nil, "current_context: a\ncontexts: {a: {CLARIFAI_PAT: p, CLARIFAI_USER_ID: " + secret + "}}", nil, []string{`value of the context "a"`}},
		"user_id in a context":  {nil, "contexts: {a: {CLARIFAI_PAT: p, CLARIFAI_USER_ID: " + secret + "}}", map[string]any{"context": "a"}, []string{`value of the context "a"`}},
		"a file is the PAT":     {map[string]string{"CLARIFAI_PAT": secret, "CLARIFAI_ROOT_CERTIFICATES_PATH": secret}, nil, nil, []string{"Invalid root_certificates_path"}},
		"user_id in quotes":     {map[string]string{"CLARIFAI_PAT": `"acme"`, "CLARIFAI_USER_ID": `"` + secret + `"`}, nil, nil, []string{"value of CLARIFAI_USER_ID", "swapped"}},
		"api_base in a context": {nil, "contexts: {a: {CLARIFAI_PAT: p, CLARIFAI_API_BASE: " + secret + "}}", map[string]any{"context": "a"}, []string{"Invalid api_base"}},
	} {
		_, text := configure(t, machine(c.variables, c.file), c.block)
		apitest.Says(t, name+": "+text, c.want...)
		apitest.SaysNot(t, name+": "+strings.ReplaceAll(text, secret, "short-pat"), "alices-pat", "short-pat")
	}
}

// TestConfigure_ambient names, in one warning, the variables that a context makes
// ineffective.
func TestConfigure_ambient(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"CLARIFAI_PAT": "env-pat", "CLARIFAI_USER_ID": "env-user", "CLARIFAI_API_BASE": "https://env.example"}
	for name, c := range map[string]struct {
		variables map[string]string
		block     map[string]any
		want      string // none: no warning
	}{
		"all":              {variables, map[string]any{"context": "alice"}, "no effect: CLARIFAI_PAT, CLARIFAI_USER_ID, CLARIFAI_API_BASE. "},
		"what is ENVVAR":   {variables, map[string]any{"context": "bob"}, "no effect: CLARIFAI_USER_ID, CLARIFAI_API_BASE. "},
		"set in the block": {variables, map[string]any{"context": "alice", "pat": "p", "user_id": "u"}, "no effect: CLARIFAI_API_BASE. "},
		"the same value":   {map[string]string{"CLARIFAI_USER_ID": "alice"}, map[string]any{"context": "alice"}, ""},
		"no context":       {variables, nil, ""},
	} {
		cfg, text := configure(t, machine(c.variables, cliFile), c.block)
		apitest.SaysOnly(t, text, c.want, name)
		if strings.Contains(text, "env-pat") || c.block["context"] == "alice" && cfg.BaseURL != "https://alice.example" {
			t.Errorf("%s: %s %s", name, cfg.BaseURL, text)
		}
	}
}

// TestConfigure_patSource: messages about the PAT can say where it came from.
func TestConfigure_patSource(t *testing.T) {
	t.Parallel()
	env := map[string]string{"CLARIFAI_PAT": "env-pat"}
	for want, c := range map[string]struct {
		variables map[string]string
		block     map[string]any
	}{
		"pat in the provider block": {env, map[string]any{"pat": "p"}},
		"CLARIFAI_PAT":              {env, nil},
		`the context "alice" in /home/x/.config/clarifai/config`: {nil, nil},
	} {
		if cfg, text := configure(t, machine(c.variables, cliFile), c.block); text != "" || cfg.PATSource != want {
			t.Errorf("%q instead of %q\n%s", cfg.PATSource, want, text)
		}
	}
}

// TestConfigure_userSetting: advice about the account names what works. The environment is
// not asked where the block names a context.
func TestConfigure_userSetting(t *testing.T) {
	t.Parallel()
	for want, block := range map[string]map[string]any{
		"user_id (or CLARIFAI_USER_ID)":                        nil,
		`user_id (or CLARIFAI_USER_ID in the context "alice")`: {"context": "alice"},
		"user_id": {"context": "alice", "user_id": "u"},
		`user_id (or CLARIFAI_USER_ID in the context "[redacted]")`: {"context": strings.Repeat("a1", 16), "pat": "p", "api_base": "https://a.example"},
	} {
		file := strings.ReplaceAll(cliFile, "bob:", strings.Repeat("a1", 16)+":")
		if cfg, text := configure(t, machine(nil, file), block); text != "" || cfg.UserSetting != want {
			t.Errorf("%q instead of %q\n%s", cfg.UserSetting, want, text)
		}
	}
}

// TestConfigure_limits passes numbers and durations on.
func TestConfigure_limits(t *testing.T) {
	t.Parallel()
	cfg, text := configure(t, machine(nil, nil), map[string]any{"pat": "p", "requests_per_second": 2.5, "max_retries": 3, "request_timeout": "1m30s"})
	if text != "" || cfg.RequestsPerSecond != 2.5 || cfg.MaxRetries != 3 || cfg.RequestTimeout != 90*time.Second || cfg.Version != "test" {
		t.Errorf("%+v\n%s", cfg.RequestsPerSecond, text)
	}
}

// TestConfigure_userAgent names the provider, Terraform and what the user appends.
func TestConfigure_userAgent(t *testing.T) {
	t.Parallel()
	for appended, want := range map[string]string{
		"":               "terraform-provider-clarifai/test Terraform/1.15.0",
		" pipeline/7 ":   "terraform-provider-clarifai/test Terraform/1.15.0 pipeline/7",
		"a\r\nX-Evil: b": "terraform-provider-clarifai/test Terraform/1.15.0 aX-Evil: b",
		"\n":             "terraform-provider-clarifai/test Terraform/1.15.0",
	} {
		cfg, text := configure(t, machine(map[string]string{"TF_APPEND_USER_AGENT": appended}, nil), map[string]any{"pat": "p"})
		if text != "" || cfg.UserAgent != want {
			t.Errorf("%q: %q %s", appended, cfg.UserAgent, text)
		}
	}
}

// TestConfigure_unknown creates no client while anything is unknown.
func TestConfigure_unknown(t *testing.T) {
	t.Parallel()
	cfg, text := configure(t, machine(nil, errors.New("not to be read")), map[string]any{"pat": tftypes.UnknownValue})
	if text != "" || cfg.PAT != "" {
		t.Errorf("%s", text)
	}
}
