package clarifai

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Gettable says who can see an app (Clarifai's resources.proto, Visibility).
// Answers carry it as a number; names are understood too.
type Gettable int

// The visibilities of the published API.
const (
	Private Gettable = 10
	Org     Gettable = 30
	Public  Gettable = 50
)

var gettableNames = map[Gettable]string{Private: "PRIVATE", Org: "ORG", Public: "PUBLIC"}

// ParseGettable returns the visibility of that name.
func ParseGettable(name string) (Gettable, bool) {
	for g, n := range gettableNames {
		if n == name {
			return g, true
		}
	}
	return 0, false
}

// String returns the published name, or the number of a value newer than this client.
func (g Gettable) String() string {
	if n, ok := gettableNames[g]; ok {
		return n
	}
	return strconv.Itoa(int(g))
}

// MarshalJSON writes the name, the form Clarifai's own SDK sends, or the number
// of a value that has no name here.
func (g Gettable) MarshalJSON() ([]byte, error) {
	if n, ok := gettableNames[g]; ok {
		return json.Marshal(n)
	}
	return json.Marshal(int(g))
}

// UnmarshalJSON reads a number or a name.
func (g *Gettable) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if n, err := strconv.Atoi(s); err == nil {
		*g = Gettable(n)
		return nil
	}
	if known, ok := ParseGettable(s); ok {
		*g = known
	} else {
		*g = 0
	}
	return nil
}
