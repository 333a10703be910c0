// Package recorder holds the provider to its promise that nothing dies that the plan has
// not shown. It stands between Terraform and the provider, where it sees what plans name,
// and between the provider and Clarifai, where it sees every DELETE. A provider in a
// process of its own reports both to the recorder of the test.
package recorder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Recorder knows what the plans of one test have named.
type Recorder struct {
	existing func() []string

	mu       sync.Mutex
	plans    map[string][]entry // by resource, oldest first
	named    map[string]bool    // by what is no plan for a resource
	unnamed  map[string]bool    // what was deleted without being named
	exempted bool               // the action with except_key_ids was invoked
}

// New returns the recorder of an account, whose keys have these fingerprints at a time.
func New(existing func() []string) *Recorder {
	return &Recorder{existing: existing, plans: map[string][]entry{}, named: map[string]bool{}, unnamed: map[string]bool{}}
}

// Errors returns an error for each key or app that was deleted without being named.
func (r *Recorder) Errors() (errs []error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for what := range r.unnamed {
		errs = append(errs, fmt.Errorf("%s was deleted, and its plan had not named it", what))
	}
	return errs
}

// call is a plan for a resource, or its application.
type call struct {
	Process  string // of the provider
	Resource string // its type and prior state, which both have
	Planned  string // which has unknown values in a plan that it may lack when it is applied
}

// entry is what one call or request says.
type entry struct {
	call
	Named     []string // fingerprints of keys, and apps as user_id/app_id
	ExceptKey bool     // the action revokes all but some keys, which is nothing that a plan could name
	App, Key  string   // what is deleted
}

// Book is where entries go: a [Recorder], in this process or in that of the test.
type Book interface {
	keys() []string
	note(e entry)
}

func (r *Recorder) keys() []string { return r.existing() }

func (r *Recorder) note(e entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exempted = r.exempted || e.ExceptKey
	switch {
	case e.App != "" && !r.isNamed(e.call, e.App):
		r.unnamed["app "+e.App] = true
	case e.Key != "" && !r.isNamed(e.call, e.Key) && !r.exempted:
		r.unnamed["key "+e.Key] = true
	case e.App+e.Key != "":
	case e.Resource != "":
		r.plans[e.Resource] = append(r.plans[e.Resource], e)
	default:
		for _, what := range e.Named {
			r.named[what] = true
		}
	}
}

// isNamed reports whether the plan that is applied has named something: the last one that
// another process has made for the same prior and planned state, or for the same prior
// state if something was unknown then; or the one that core makes again to apply it.
func (r *Recorder) isNamed(applied call, what string) bool {
	var saved, again, other []string
	for _, plan := range r.plans[applied.Resource] {
		switch {
		case plan.Process == applied.Process && plan.Planned == applied.Planned:
			again = plan.Named
		case plan.Process == applied.Process:
		case plan.Planned == applied.Planned:
			saved = append([]string{}, plan.Named...)
		default:
			other = plan.Named
		}
	}
	if saved == nil {
		saved = other
	}
	return r.named[what] || slices.Contains(saved, what) || slices.Contains(again, what)
}

// ServeHTTP takes the reports of other processes, and tells them which keys there are.
func (r *Recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(r.keys()) // the process ends if it is cut
		return
	}
	var e entry
	if err := json.NewDecoder(req.Body).Decode(&e); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.note(e)
}

// Variable names the environment variable with the URL of the recorder of the test.
const Variable = "ACCTEST_RECORDER"

// remote is a recorder at that URL. A process that cannot reach it ends, so that its test fails.
type remote string

func (r remote) keys() (keys []string) {
	r.exchange(http.MethodGet, nil, &keys)
	return keys
}

func (r remote) note(e entry) {
	if e.Resource != "" || len(e.Named) > 0 || e.ExceptKey || e.App+e.Key != "" {
		r.exchange(http.MethodPost, e, nil)
	}
}

// exchange sends one value and reads another, if there is one.
func (r remote) exchange(verb string, send, receive any) {
	content, err := json.Marshal(send)
	check(err)
	req, err := http.NewRequestWithContext(context.Background(), verb, string(r), bytes.NewReader(content)) // what is reported must arrive
	check(err)
	resp, err := http.DefaultClient.Do(req)
	check(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		check(errors.New(resp.Status))
	}
	if receive != nil {
		check(json.NewDecoder(resp.Body).Decode(receive))
	}
}

func check(err error) {
	if err != nil {
		panic("recorder: " + err.Error())
	}
}
