package clarifai

import (
	"encoding/json"
	"sync"
)

// stringList is a list of scopes or endpoints. Ten thousand keys of a fleet
// share a few sets of scopes, so equal JSON decodes to the same list, once.
type stringList []string

// UnmarshalJSON decodes a list, or returns the one that equal JSON gave before.
func (l *stringList) UnmarshalJSON(b []byte) error {
	list, err := interned.list(b)
	*l = list
	return err
}

var interned = &interner{lists: map[string][]string{}, strings: map[string]string{}}

// interner keeps one copy of each list and of each string in them.
type interner struct {
	mu      sync.Mutex
	lists   map[string][]string // by their JSON
	strings map[string]string
}

func (i *interner) list(text []byte) ([]string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if l, ok := i.lists[string(text)]; ok {
		return l, nil
	}
	var l []string
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, err
	}
	for n, s := range l {
		if known, ok := i.strings[s]; ok {
			l[n] = known
		} else {
			i.strings[s] = s
		}
	}
	if len(l) == 0 {
		l = nil
	}
	i.lists[string(text)] = l
	return l, nil
}
