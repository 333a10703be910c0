package clarifai

import (
	"encoding/json"
	"sync"
)

// stringList is a list of scopes or endpoints. Ten thousand keys of a fleet
// share a few sets of scopes, so equal JSON decodes to the same list, once.
type stringList []string

var interned = struct {
	sync.Mutex
	lists map[string]stringList // by their JSON
}{lists: map[string]stringList{}}

// UnmarshalJSON decodes a list, or returns the one that equal JSON gave before.
func (l *stringList) UnmarshalJSON(b []byte) error {
	interned.Lock()
	defer interned.Unlock()
	if known, ok := interned.lists[string(b)]; ok {
		*l = known
		return nil
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		list = nil
	}
	*l, interned.lists[string(b)] = list, list
	return nil
}
