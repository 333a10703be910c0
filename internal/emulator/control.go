package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const controlPrefix = "/_emulator/"

// Control returns the handler of the control endpoints, for tests that run in
// another process. [Remote] is their client. The endpoints require no
// authentication and do not count as requests:
//
//	GET    /_emulator/stats     returns the counters
//	POST   /_emulator/reset     clears the request log and the counters
//	POST   /_emulator/faults    injects a Fault; latency is a string such as "250ms"
//	DELETE /_emulator/faults    removes the faults that no request has met
//	PUT    /_emulator/switches  sets all Switches; omitted ones return to their defaults
//	POST   /_emulator/seed      creates apps and keys: {"apps":N,"keys_per_app":M,"scopes":K}
func (e *Emulator) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPrefix+"stats", func(w http.ResponseWriter, _ *http.Request) {
		answerControl(w, e.stats(), nil)
	})
	mux.HandleFunc("POST "+controlPrefix+"reset", func(w http.ResponseWriter, _ *http.Request) {
		e.Reset()
		answerControl(w, struct{}{}, nil)
	})
	mux.HandleFunc("POST "+controlPrefix+"faults", func(w http.ResponseWriter, r *http.Request) {
		answerControl(w, struct{}{}, e.injectFrom(r))
	})
	mux.HandleFunc("DELETE "+controlPrefix+"faults", func(w http.ResponseWriter, _ *http.Request) {
		e.ClearFaults()
		answerControl(w, struct{}{}, nil)
	})
	mux.HandleFunc("PUT "+controlPrefix+"switches", func(w http.ResponseWriter, r *http.Request) {
		answerControl(w, struct{}{}, e.switchFrom(r))
	})
	mux.HandleFunc("POST "+controlPrefix+"seed", func(w http.ResponseWriter, r *http.Request) {
		answerControl(w, struct{}{}, e.seedFrom(r))
	})
	return mux
}

func answerControl(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		v = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(v)
}

func decodeControl(r *http.Request, into any) error {
	body, f := readBody(r)
	if f != nil {
		return fmt.Errorf("%s", f.details)
	}
	return decodeStrict(body, into)
}

// faultMessage is a Fault in JSON.
type faultMessage struct {
	Fault
	Latency string `json:"latency,omitempty"`
}

func (e *Emulator) injectFrom(r *http.Request) error {
	var in faultMessage
	if err := decodeControl(r, &in); err != nil {
		return err
	}
	if in.Latency != "" {
		d, err := time.ParseDuration(in.Latency)
		if err != nil {
			return err
		}
		in.Fault.Latency = d
	}
	if err := in.validate(); err != nil {
		return err
	}
	e.Inject(in.Fault)
	return nil
}

func (e *Emulator) switchFrom(r *http.Request) error {
	var s Switches
	if err := decodeControl(r, &s); err != nil {
		return err
	}
	s, err := s.normalize()
	if err == nil {
		e.SetSwitches(s)
	}
	return err
}

// Seed says how many apps and keys to create at once.
type Seed struct {
	Apps       int `json:"apps"`
	KeysPerApp int `json:"keys_per_app"`
	Scopes     int `json:"scopes"` // number of scopes of each key
}

func (e *Emulator) seedFrom(r *http.Request) error {
	var in Seed
	if err := decodeControl(r, &in); err != nil {
		return err
	}
	if in.Apps < 0 || in.KeysPerApp < 0 || in.Scopes < 0 {
		return fmt.Errorf("apps, keys_per_app and scopes must not be negative")
	}
	return e.seed(in)
}

// seed creates the apps seed-00001, seed-00002 and so on for the first account.
// Apps that exist stay and get additional keys.
func (e *Emulator) seed(in Seed) error {
	scopes := someScopes(in.Scopes)
	for i := range in.Apps {
		err := e.edit(func() ([]change, error) {
			now := e.opts.Now()
			ref := appRef{e.store.primary.UserID, fmt.Sprintf("seed-%05d", i+1)}
			var changes []change
			if e.store.apps[ref] == nil {
				changes = append(changes, change{App: seedApp(ref, now)})
			}
			for n := range in.KeysPerApp {
				changes = append(changes, change{Key: &Key{ID: NewSecret(), Type: typeAppKey,
					Description: fmt.Sprintf("seeded %d", n+1), Scopes: scopes,
					AppID: ref.AppID, UserID: ref.UserID, CreatedAt: now}})
			}
			return changes, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func seedApp(ref appRef, now time.Time) *App {
	return &App{ID: ref.AppID, UserID: ref.UserID, Name: ref.AppID, DefaultLanguage: defaultLanguage,
		SampleMS: defaultSampleMS, Visibility: visibilityPrivate, CreatedAt: now, ModifiedAt: now,
		DefaultWorkflow: Workflow{ID: defaultWorkflow, AppID: ref.AppID, UserID: ref.UserID},
		Workflows:       []string{defaultWorkflow}, CopiedWorkflows: []string{defaultWorkflow}, Counts: Counts{Workflows: 1}}
}
