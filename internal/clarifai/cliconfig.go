package clarifai

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// FromEnvironment is the value by which a field of Clarifai's CLI file says
// that it stands in the environment variable of the same name.
const FromEnvironment = "ENVVAR"

// CLIContext is one context of the file that Clarifai's own CLI keeps at
// ~/.config/clarifai/config. Empty fields are not set, or are [FromEnvironment].
type CLIContext struct {
	Name    string
	APIBase string
	UserID  string
	PAT     string
}

// ErrNoContext says that a context which was asked for is not in the file.
var ErrNoContext = errors.New("no such context")

// ReadCLIConfig reads the context of that name, or the current one when name
// is empty, from the content of the CLI's file. An error quotes nothing of the
// file but names of contexts: it holds PATs.
func ReadCLIConfig(content []byte, name string) (CLIContext, error) {
	var file struct {
		Current  string                `yaml:"current_context"`
		Contexts map[string]cliContext `yaml:"contexts"`
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		return CLIContext{}, errors.New("it is not the YAML that the Clarifai CLI writes (current_context, contexts)")
	}
	asked := name != ""
	if !asked {
		name = file.Current
	}
	fields, ok := file.Contexts[name]
	switch {
	case ok:
	case !asked && len(file.Contexts) == 0:
		return CLIContext{}, nil
	default:
		has := fmt.Sprintf("%q; the file has %s", name, contextNames(file.Contexts))
		return CLIContext{}, fmt.Errorf("%w: %s", ErrNoContext, keyLike.ReplaceAllString(has, mask))
	}
	value := func(field string) string {
		var s string
		n := fields[field]
		if n.Decode(&s) != nil { // a list or a map is no value
			return ""
		}
		if s = strings.TrimSpace(s); s == FromEnvironment {
			return ""
		}
		return s
	}
	return CLIContext{
		Name:    name,
		APIBase: value("CLARIFAI_API_BASE"),
		UserID:  value("CLARIFAI_USER_ID"),
		PAT:     value("CLARIFAI_PAT"),
	}, nil
}

// cliContext keeps the nodes: an id of digits, or a PAT of digits and one e, is a
// number to YAML, and only its text is right.
type cliContext map[string]yaml.Node

func contextNames(contexts map[string]cliContext) string {
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
