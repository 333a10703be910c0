package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// fromEnvironment is the value of a field in the Clarifai CLI's file that refers
// to the environment variable of the same name.
const fromEnvironment = "ENVVAR"

// cliContext is one context of the file that Clarifai's own CLI keeps at
// ~/.config/clarifai/config. Empty fields are not set, or are fromEnvironment.
type cliContext struct {
	Name    string
	APIBase string
	UserID  string
	PAT     string
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
		return cliContext{}, errors.New("it is not the YAML that the Clarifai CLI writes (current_context, contexts)")
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
		return cliContext{}, fmt.Errorf("%w: %s", errNoContext, clarifai.RedactKeys(has))
	}
	value := func(field string) string {
		var s string
		n := fields[field]
		if n.Decode(&s) != nil { // a list or a map is no value
			return ""
		}
		if s = strings.TrimSpace(s); s == fromEnvironment {
			return ""
		}
		return s
	}
	return cliContext{
		Name:    name,
		APIBase: value("CLARIFAI_API_BASE"),
		UserID:  value("CLARIFAI_USER_ID"),
		PAT:     value("CLARIFAI_PAT"),
	}, nil
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
		names = append(names, n)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
