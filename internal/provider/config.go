package provider

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Environment is where the provider finds what its block does not set.
type Environment struct {
	Getenv   func(string) string
	ReadFile func(string) ([]byte, error)
	Home     func() (string, error) // the folder that holds .config/clarifai/config
}

// OSEnvironment returns the process's own environment.
func OSEnvironment() Environment {
	return Environment{Getenv: os.Getenv, ReadFile: os.ReadFile, Home: os.UserHomeDir}
}

// model is the provider block.
type model struct {
	PAT                  types.String  `tfsdk:"pat"`
	UserID               types.String  `tfsdk:"user_id"`
	APIBase              types.String  `tfsdk:"api_base"`
	Context              types.String  `tfsdk:"context"`
	RootCertificatesPath types.String  `tfsdk:"root_certificates_path"`
	RequestsPerSecond    types.Float64 `tfsdk:"requests_per_second"`
	MaxRetries           types.Int64   `tfsdk:"max_retries"`
	RequestTimeout       types.String  `tfsdk:"request_timeout"`
}

// unknown returns the names of the attributes that are not known yet.
func (m model) unknown() []string {
	var names []string
	for name, u := range map[string]bool{
		"pat": m.PAT.IsUnknown(), "user_id": m.UserID.IsUnknown(), "api_base": m.APIBase.IsUnknown(),
		"context": m.Context.IsUnknown(), "root_certificates_path": m.RootCertificatesPath.IsUnknown(),
		"requests_per_second": m.RequestsPerSecond.IsUnknown(), "max_retries": m.MaxRetries.IsUnknown(),
		"request_timeout": m.RequestTimeout.IsUnknown(),
	} {
		if u {
			names = append(names, name)
		}
	}
	return names
}

// settings are what the block, the environment and the CLI's file say.
type settings struct {
	client clarifai.Config
	userID string
}

// usePAT takes the PAT unless there is one already or it is empty. Source says
// where it came from, in messages about it.
func (s *settings) usePAT(pat, source string) {
	if s.client.PAT == "" && pat != "" {
		s.client.PAT, s.client.PATSource = pat, source
	}
}

// resolve reads the block, the environment and the CLI's file, in this order. All
// values must be known.
func (m model) resolve(env Environment, diags *diag.Diagnostics) settings {
	s := settings{
		client: clarifai.Config{BaseURL: first(m.APIBase.ValueString(), env.Getenv("CLARIFAI_API_BASE"))},
		userID: first(m.UserID.ValueString(), env.Getenv("CLARIFAI_USER_ID")),
	}
	s.usePAT(token(m.PAT.ValueString()), "pat in the provider block")
	s.usePAT(token(env.Getenv("CLARIFAI_PAT")), "CLARIFAI_PAT")
	m.fromFile(&s, env, diags)
	if diags.HasError() {
		return s
	}
	cfg := &s.client
	if cfg.PAT == "" {
		diags.AddAttributeError(path.Root("pat"), "No personal access token",
			"The provider needs a Clarifai personal access token (PAT), and found none in pat, in the environment variable CLARIFAI_PAT or in the "+
				"Clarifai CLI's config file (~/.config/clarifai/config). Create one in Clarifai's settings under Security, then: export CLARIFAI_PAT=…")
	}
	if _, err := clarifai.ParseBaseURL(first(cfg.BaseURL, clarifai.DefaultBaseURL)); err != nil {
		diags.AddAttributeError(path.Root("api_base"), "Unusable api_base", "The base URL of the API (api_base or CLARIFAI_API_BASE): "+err.Error()+".")
	}
	m.roots(cfg, env, diags)
	cfg.RequestsPerSecond = m.RequestsPerSecond.ValueFloat64()
	cfg.MaxRetries = int(m.MaxRetries.ValueInt64())
	cfg.RequestTimeout, _ = time.ParseDuration(m.RequestTimeout.ValueString()) // validated by the schema
	return s
}

// fromFile fills in from the CLI's config file what is still missing. The file's
// api_base and user_id belong to the file's PAT: a PAT from elsewhere must not be
// sent to a host that only the file names. A context that the block names is
// accepted together with its host, whatever PAT there is.
func (m model) fromFile(s *settings, env Environment, diags *diag.Diagnostics) {
	asked := m.Context.ValueString()
	if s.client.PAT != "" && (asked == "" || s.userID != "" && s.client.BaseURL != "") {
		return
	}
	home, err := env.Home()
	if err != nil {
		if asked != "" {
			diags.AddAttributeError(path.Root("context"), "No Clarifai CLI config file",
				"context names a context of the Clarifai CLI's config file, but the home directory, which holds that file, is not known: "+err.Error()+". Set HOME, or remove context.")
		}
		return
	}
	file := filepath.Join(home, ".config", "clarifai", "config")
	content, err := env.ReadFile(file)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist) && asked == "":
		return
	case errors.Is(err, fs.ErrNotExist):
		diags.AddAttributeError(path.Root("context"), "No Clarifai CLI config file",
			fmt.Sprintf("context = %q names a context of the Clarifai CLI's config file, which does not exist: %s. Remove context, or run `clarifai login`.", clarifai.RedactKeys(asked), file))
		return
	default:
		advice := "set pat (or CLARIFAI_PAT), which makes the file unnecessary"
		if asked != "" {
			advice = "remove context and set pat (or CLARIFAI_PAT), which makes the file unnecessary"
		}
		diags.AddAttributeError(path.Root("context"), "Unreadable Clarifai CLI config file",
			fmt.Sprintf("The provider cannot read the Clarifai CLI's config file: %s. Make it readable, or %s.", cause(file, err), advice))
		return
	}
	c, err := readCLIConfig(content, asked)
	if err != nil {
		diags.AddAttributeError(path.Root("context"), "Unusable Clarifai CLI config file",
			fmt.Sprintf("%s: %s. Fix the file, or set context to one that it has.", file, err))
		return
	}
	if asked == "" && c.PAT == "" {
		return // no PAT at all
	}
	s.usePAT(c.PAT, fmt.Sprintf("the context %q in %s", clarifai.RedactKeys(c.Name), file))
	s.userID, s.client.BaseURL = first(s.userID, c.UserID), first(s.client.BaseURL, c.APIBase)
}

func (m model) roots(cfg *clarifai.Config, env Environment, diags *diag.Diagnostics) {
	file := first(m.RootCertificatesPath.ValueString(), env.Getenv("CLARIFAI_ROOT_CERTIFICATES_PATH"))
	if file == "" {
		return
	}
	pem, err := env.ReadFile(file)
	if err != nil {
		diags.AddAttributeError(path.Root("root_certificates_path"), "Unreadable root certificates",
			fmt.Sprintf("The provider cannot read the file of root certificates (root_certificates_path or CLARIFAI_ROOT_CERTIFICATES_PATH): %s. "+
				"Name a PEM file, or omit it to use the system's roots.", cause(file, err)))
		return
	}
	if !x509.NewCertPool().AppendCertsFromPEM(pem) {
		diags.AddAttributeError(path.Root("root_certificates_path"), "Unusable root certificates",
			fmt.Sprintf("The file of root certificates (root_certificates_path or CLARIFAI_ROOT_CERTIFICATES_PATH) contains no PEM certificate: %s. "+
				"Name a PEM file, or omit it to use the system's roots.", file))
		return
	}
	cfg.RootCertificates = pem
}

// cause names the file and what is wrong with it, once.
func cause(file string, err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return file + ": " + err.Error()
}

// token drops the line break that a file or a command leaves after a PAT, and the
// CLI's word for "see the environment", copied from its file.
func token(s string) string {
	if s = strings.TrimSpace(s); s == fromEnvironment {
		return ""
	}
	return s
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
