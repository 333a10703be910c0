package provider

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"go.yaml.in/yaml/v3"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// fromEnvironment is the value of a field in the Clarifai CLI's file that refers
// to the environment variable of the same name.
const fromEnvironment = "ENVVAR"

// errNoHome says that the folder of the CLI's file cannot be found.
var errNoHome = errors.New("the home directory is not known")

// cliConfigFile returns the name of the CLI's file and its content.
func cliConfigFile(env Environment) (file string, content []byte, err error) {
	home, err := env.Home()
	if err != nil {
		return "~/.config/clarifai/config", nil, fmt.Errorf("%w: %w; set HOME", errNoHome, err)
	}
	file = filepath.Join(home, ".config", "clarifai", "config")
	content, err = env.ReadFile(file)
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return file, content, err
}

// contextNamed returns the context that the block names. It is configuration, so one
// that cannot be read is an error. A field that refers to the environment is an error
// if nothing is set there, unless the block outranks it.
func contextNamed(name string, block source, env Environment, diags *diag.Diagnostics) source {
	at, quoted := path.Root("context"), fmt.Sprintf("context = %q", clarifai.RedactKeys(name))
	const without = "Where there is no such file, as in CI, leave context null there (context = var.context) and set CLARIFAI_PAT."
	file, content, err := cliConfigFile(env)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		diags.AddAttributeError(at, "No Clarifai CLI config file",
			fmt.Sprintf("%s names a context of the Clarifai CLI's config file, which does not exist: %s. Remove context, or run "+
				"`clarifai login`. %s", quoted, file, without))
		return nil
	case err != nil:
		diags.AddAttributeError(at, "Unreadable Clarifai CLI config file",
			fmt.Sprintf("%s names a context of the Clarifai CLI's config file, which cannot be read: %s: %s. Make it readable, or remove "+
				"context and set pat (or CLARIFAI_PAT). %s", quoted, file, err, without))
		return nil
	}
	c, err := readCLIConfig(content, name)
	if err != nil {
		addInvalidFile(diags, file, true, err)
		return nil
	}
	ambient := environment(env)
	for _, variable := range variables {
		if c[variable] == fromEnvironment && ambient[variable].value == "" && block[variable].value == "" {
			diags.AddAttributeError(at, "Environment variable not set",
				fmt.Sprintf("The context %q in %s takes %s from the environment (its value there is %s), where it is not set: export %[3]s=…, or "+
					"set it in the provider block.",
					clarifai.RedactKeys(name), file, variable, fromEnvironment))
		}
	}
	return c.source(file, ambient)
}

// currentContext returns the file's current context. The file is not configuration:
// one that does not exist, or a context without a PAT, sets nothing.
func currentContext(env Environment, diags *diag.Diagnostics) source {
	file, content, err := cliConfigFile(env)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNoHome):
		return nil
	case err != nil:
		diags.AddError("Unreadable Clarifai CLI config file",
			fmt.Sprintf("The provider found no other personal access token, and cannot read the Clarifai CLI's config file: %s: %s. Make it "+
				"readable, or set pat (or CLARIFAI_PAT), which makes the file unnecessary.", file, err))
		return nil
	}
	c, err := readCLIConfig(content, "")
	if err != nil {
		addInvalidFile(diags, file, false, err)
		return nil
	}
	if pat := c[patVariable]; pat == "" || pat == fromEnvironment {
		return nil
	}
	return c.source(file, environment(env))
}

// addInvalidFile adds an error for a file without the context that is asked for: the
// one that the block names, or else the current one.
func addInvalidFile(diags *diag.Diagnostics, file string, named bool, err error) {
	fix := "Fix the file, or set pat (or CLARIFAI_PAT), which makes it unnecessary."
	switch {
	case named && errors.Is(err, errNoContext):
		fix = "Set context to one that the file has, or run `clarifai login`."
	case named:
		fix = "Fix the file, or remove context and set pat (or CLARIFAI_PAT), which makes it unnecessary."
	}
	at := path.Empty() // which Terraform shows no line for
	if named {
		at = path.Root("context")
	}
	diags.AddAttributeError(at, "Invalid Clarifai CLI config file", fmt.Sprintf("%s: %s. %s", file, err, fix))
}

// cliContext is one context of the file that Clarifai's own CLI keeps at
// ~/.config/clarifai/config: values by variable, and its name.
type cliContext map[string]string

// nameField is the name of the context in a cliContext.
const nameField = "name"

// source returns the context as a source. A value that refers to the environment is
// taken from there.
func (c cliContext) source(file string, ambient source) source {
	s, from := source{}, fmt.Sprintf("the context %q in %s", clarifai.RedactKeys(c[nameField]), file)
	for _, variable := range variables {
		s[variable] = setting{c[variable], from}
		if c[variable] == fromEnvironment {
			s[variable] = ambient[variable]
		}
	}
	return s
}

// errNoContext says that the requested context is not in the file.
var errNoContext = errors.New("no such context")

// readCLIConfig returns the context of that name, or the current one if name is
// empty, from the content of the CLI's file. The file holds PATs, so an error
// quotes nothing of it but names of contexts.
func readCLIConfig(content []byte, name string) (cliContext, error) {
	var file struct {
		Current  string               `yaml:"current_context"`
		Contexts map[string]cliFields `yaml:"contexts"`
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		return nil, errors.New("it is not the YAML that the Clarifai CLI writes (current_context, contexts)")
	}
	asked := name != ""
	if !asked {
		name = file.Current
	}
	fields, ok := file.Contexts[name]
	switch {
	case ok:
	case !asked && len(file.Contexts) == 0:
		return cliContext{}, nil
	default:
		has := fmt.Sprintf("%q; the file has %s", name, contextNames(file.Contexts))
		return nil, fmt.Errorf("%w: %s", errNoContext, clarifai.RedactKeys(has))
	}
	c := cliContext{nameField: name}
	for _, variable := range variables {
		var text string
		n := fields[variable]
		if n.Decode(&text) == nil && strings.TrimSpace(text) != "" { // a list or a map is no value
			c[variable] = strings.TrimSpace(text)
		}
	}
	return c, nil
}

// cliFields keeps the nodes: to YAML an ID of digits, or a PAT of digits and one
// e, is a number, and only its text is right.
type cliFields map[string]yaml.Node

func contextNames(contexts map[string]cliFields) string {
	if len(contexts) == 0 {
		return "none"
	}
	var names []string
	for n := range contexts {
		names = append(names, clarifai.Escape(n))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
