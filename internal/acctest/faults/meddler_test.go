package faults_test

import (
	"net/http"
	"strings"
)

// meddler is a transport that lets something happen right before a request.
type meddler struct {
	method, path string // its verb, and how its path ends
	meddle       func()
}

func (m meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == m.method && strings.HasSuffix(r.URL.Path, m.path) {
		m.meddle()
	}
	return http.DefaultTransport.RoundTrip(r)
}
