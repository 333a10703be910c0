package acctest

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Ref is an attribute of another resource of an [Estate] to which a configuration refers. Like
// core, an estate plans and applies that resource first, and the plan may leave it unknown.
type Ref struct{ Address, Attribute string }

// resolve returns a configuration with what its references stand for; nil for nil.
func resolve(config map[string]any, value func(Ref) any) map[string]any {
	resolved := maps.Clone(config)
	for name, v := range resolved {
		switch v := v.(type) {
		case Ref:
			resolved[name] = value(v)
		case []any:
			elements := slices.Clone(v)
			for i, element := range elements {
				if r, ok := element.(Ref); ok {
					elements[i] = value(r)
				}
			}
			resolved[name] = elements
		}
	}
	return resolved
}

// valueOf returns what a reference stands for in a state or a plan.
func (p *Process) valueOf(object *tfprotov6.DynamicValue, r Ref) any {
	p.t.Helper()
	resourceType, _, _ := strings.Cut(r.Address, ".")
	v, ok := p.attributes(object, resourceType)[r.Attribute]
	if !ok || !v.IsFullyKnown() {
		return Unknown
	}
	return plain(p.t, v)
}

// value returns what references stand for once all that they refer to is applied.
func (e *Estate) value(p *Process) func(Ref) any {
	return func(r Ref) any { return p.valueOf(e.Stored(r.Address).state, r) }
}

// turnsOf returns addresses in the order in which core comes to them: apps, the other
// resources, and those that refer to these.
func turnsOf(all Resources) (turns [][]string) {
	for _, address := range slices.Sorted(maps.Keys(all)) {
		turn := turnOf(all, address)
		for len(turns) <= turn {
			turns = append(turns, nil)
		}
		turns[turn] = append(turns[turn], address)
	}
	return turns
}

func turnOf(all Resources, address string) (turn int) {
	if !strings.HasPrefix(address, "clarifai_app.") {
		turn = 1
	}
	resolve(all[address], func(r Ref) any {
		turn = max(turn, 1+turnOf(all, r.Address))
		return nil
	})
	return turn
}
