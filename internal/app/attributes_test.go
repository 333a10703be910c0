package app

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestSameJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":2}`, ` {"b": 2.0, "a": 1e0} `, true},
		{`{"n":12345678901234567890}`, `{"n":12345678901234567168}`, true}, // the API holds doubles
		{`{"n":1}`, `{"n":1.0000001}`, false},
		{``, `{}`, true}, {`null`, ``, true}, {`{ }`, `{}`, true},
		{`{"a":null}`, `{}`, false},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		{`{"a":"<"}`, `{"a":"\u003c"}`, true},
	} {
		apitest.Equal(t, sameJSON([]byte(c.a), []byte(c.b)), c.same, "same", c.a, c.b)
	}
}
