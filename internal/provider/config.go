package provider

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// unknownAttributes returns the names of the attributes of the block that are not known
// yet, in order.
func unknownAttributes(block tfsdk.Config) (names []string) {
	var values map[string]tftypes.Value
	if block.Raw.As(&values) != nil { // which reading the model says
		return nil
	}
	for name, v := range values {
		if !v.IsKnown() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Environment variables that a context of the Clarifai CLI's file holds as well.
const (
	patVariable     = "CLARIFAI_PAT"
	userIDVariable  = "CLARIFAI_USER_ID"
	apiBaseVariable = "CLARIFAI_API_BASE"
)

var variables = []string{patVariable, userIDVariable, apiBaseVariable}

// settings are what the block, the environment and the CLI's file say.
type settings struct {
	client clarifai.Config
	userID string
}

// source is a place that may set what the variables above are named after, by variable.
type source map[string]setting

// setting is a value, empty if it is not set, and how messages name its place.
type setting struct{ value, from string }

func (m model) block() source {
	return source{
		patVariable:     {token(m.PAT.ValueString()), "pat in the provider block"},
		userIDVariable:  {m.UserID.ValueString(), "user_id in the provider block"},
		apiBaseVariable: {m.APIBase.ValueString(), "api_base in the provider block"},
	}
}

func environment(env Environment) source {
	s := source{}
	for _, variable := range variables {
		s[variable] = setting{token(env.Getenv(variable)), variable}
	}
	return s
}

// sources returns where settings are looked for, in order. What the block says is
// configuration, the context that it names included: the environment is asked only
// if it names none. The current context of the CLI's file is asked only for a PAT,
// and its user_id and api_base belong to that PAT: another PAT must not be sent to a
// host that only the file names.
func (m model) sources(env Environment, diags *diag.Diagnostics) []source {
	block, ambient := m.block(), environment(env)
	switch name := m.Context.ValueString(); {
	case name != "" && block[patVariable].value != "" && block[userIDVariable].value != "" && block[apiBaseVariable].value != "":
		return []source{block}
	case name != "":
		return []source{block, contextNamed(name, block, env, diags)}
	case cmp.Or(block[patVariable].value, ambient[patVariable].value) != "":
		return []source{block, ambient}
	}
	return []source{block, ambient, currentContext(env, diags)}
}

// resolve decides every setting. All values must be known.
func (m model) resolve(env Environment, diags *diag.Diagnostics) settings {
	sources := m.sources(env, diags)
	if diags.HasError() {
		return settings{}
	}
	find := func(variable string) (value, from string) {
		for _, s := range sources {
			if s[variable].value != "" {
				return s[variable].value, s[variable].from
			}
		}
		return "", ""
	}
	var s settings
	var userFrom, baseFrom string
	cfg := &s.client
	cfg.PAT, cfg.PATSource = find(patVariable)
	s.userID, userFrom = find(userIDVariable)
	cfg.BaseURL, baseFrom = find(apiBaseVariable)
	cfg.UserSetting = m.userSetting()
	if cfg.PAT == "" {
		diags.AddAttributeError(path.Root("pat"), "No personal access token", m.noPAT())
	}
	switch _, err := clarifai.ParseBaseURL(cmp.Or(cfg.BaseURL, clarifai.DefaultBaseURL)); {
	case isSecret(cfg.BaseURL, cfg.PAT):
		refuseSecret(diags, "Invalid api_base", baseFrom, "the URL of the API, such as "+clarifai.DefaultBaseURL)
	case err != nil:
		diags.AddAttributeError(path.Root("api_base"),
			"Invalid api_base", "The base URL of the API, from "+baseFrom+": "+clarifai.RedactKeys(err.Error())+".")
	}
	if isSecret(s.userID, cfg.PAT) {
		refuseSecret(diags, "Invalid user_id", userFrom, "the ID of a user or an organization")
	}
	if m.Context.ValueString() != "" {
		m.warnUnused(environment(env), find, diags)
	}
	m.roots(cfg, env, diags)
	cfg.RequestsPerSecond = m.RequestsPerSecond.ValueFloat64()
	cfg.MaxRetries = int(m.MaxRetries.ValueInt64())
	cfg.RequestTimeout, _ = time.ParseDuration(m.RequestTimeout.ValueString()) // validated by the schema
	return s
}

// userSetting names what sets the account and works: the block outranks the context, and
// the environment is not asked where the block names one.
func (m model) userSetting() string {
	switch name := m.Context.ValueString(); {
	case m.block()[userIDVariable].value != "":
		return "user_id"
	case name != "":
		return fmt.Sprintf("user_id (or %s in the context %q)", userIDVariable, clarifai.RedactKeys(name))
	}
	return "user_id (or " + userIDVariable + ")"
}

// noPAT says where a PAT was looked for.
func (m model) noPAT() string {
	if name := m.Context.ValueString(); name != "" {
		return fmt.Sprintf("The provider needs a Clarifai personal access token (PAT). context = %q is set in the provider block, but "+
			"neither the block nor that context holds one: "+
			"set pat, or CLARIFAI_PAT in the context. The environment is not asked while context is set.", clarifai.RedactKeys(name))
	}
	return "The provider needs a Clarifai personal access token (PAT), and found none in pat, in the environment " +
		"variable CLARIFAI_PAT or in the Clarifai CLI's config file (~/.config/clarifai/config). Create one in " +
		"Clarifai's portal, under Settings, Secrets, then: export CLARIFAI_PAT=…"
}

// isSecret reports whether a value that is no secret by its purpose is the PAT, or
// looks like a key.
func isSecret(value, pat string) bool {
	bare := strings.Trim(strings.TrimPrefix(strings.Trim(value, " \t\r\n\"'"), "https://"), "/") // some files of variables keep their quotes
	return bare != "" && (bare == pat || clarifai.IsKeyLike(bare))
}

// refuseSecret does not repeat the value, which may be a PAT. The heading names the
// attribute.
func refuseSecret(diags *diag.Diagnostics, heading, from, expected string) {
	diags.AddAttributeError(path.Root(strings.TrimPrefix(heading, "Invalid ")), heading, fmt.Sprintf(
		"The value of %s is a personal access token or looks like a key, so it is not repeated here. It must be %s. "+
			"Were the values of CLARIFAI_PAT and another variable swapped? If the value was committed or logged, revoke it.", from, expected))
}

// warnUnused names the environment variables that context makes ineffective.
func (m model) warnUnused(ambient source, find func(string) (string, string), diags *diag.Diagnostics) {
	var unused []string
	for _, variable := range variables {
		set := ambient[variable].value
		if used, _ := find(variable); set != "" && used != set && m.block()[variable].value == "" {
			unused = append(unused, variable)
		}
	}
	if len(unused) > 0 {
		diags.AddAttributeWarning(path.Root("context"), "Environment variables are not used", fmt.Sprintf(
			"context = %q is set in the provider block, so these variables of the environment have no effect: %s. Unset them, or remove "+
				"context to use them.",
			clarifai.RedactKeys(m.Context.ValueString()), strings.Join(unused, ", ")))
	}
}

func (m model) roots(cfg *clarifai.Config, env Environment, diags *diag.Diagnostics) {
	file := cmp.Or(m.RootCertificatesPath.ValueString(), env.Getenv("CLARIFAI_ROOT_CERTIFICATES_PATH"))
	if file == "" {
		return
	}
	if isSecret(file, cfg.PAT) {
		refuseSecret(diags,
			"Invalid root_certificates_path", "root_certificates_path or CLARIFAI_ROOT_CERTIFICATES_PATH", "the name of a PEM file")
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
		diags.AddAttributeError(path.Root("root_certificates_path"), "Invalid root certificates",
			fmt.Sprintf("The file of root certificates (root_certificates_path or CLARIFAI_ROOT_CERTIFICATES_PATH) "+
				"contains no PEM certificate: %s. Name a PEM file, or omit it to use the system's roots.", file))
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
