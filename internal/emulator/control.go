package emulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const controlPrefix = "/_emulator/"

// Control returns the handler of the control endpoints, for tests that run in another
// process, and the commands of clarifai-emulator, whose help lists them. The endpoints
// require no authentication and do not count as requests.
func (e *Emulator) Control() http.Handler {
	mux := http.NewServeMux()
	on := func(verb, path string, do func(body []byte) (any, error)) {
		mux.HandleFunc(verb+" "+controlPrefix+path, func(w http.ResponseWriter, r *http.Request) {
			var answer any = struct{}{}
			body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
			if err == nil {
				answer, err = do(body)
			}
			w.Header().Set("Content-Type", "application/json")
			if err != nil {
				w.WriteHeader(http.StatusBadRequest)
				answer = map[string]string{"error": err.Error()}
			}
			_ = json.NewEncoder(w).Encode(answer)
		})
	}
	done := struct{}{}
	on("GET", "stats", func([]byte) (any, error) { return e.Stats(), nil })
	on("POST", "reset", func([]byte) (any, error) { e.Reset(); return done, nil })
	on("POST", "faults", func(body []byte) (any, error) { return done, e.injectFrom(body) })
	on("DELETE", "faults", func([]byte) (any, error) { e.ClearFaults(); return done, nil })
	on("PUT", "switches", func(body []byte) (any, error) {
		var s Switches
		err := json.Unmarshal(body, &s)
		if err == nil {
			e.SetSwitches(s)
		}
		return done, err
	})
	on("POST", "seed", func(body []byte) (any, error) {
		var s Seed
		err := decodeStrict(body, &s)
		if err == nil {
			err = e.seed(s)
		}
		return done, err
	})
	return mux
}

// FaultMessage is a Fault in JSON, with its latency in text form.
type FaultMessage struct {
	Fault
	Latency string `json:"latency,omitempty"`
}

func (e *Emulator) injectFrom(body []byte) error {
	var in FaultMessage
	err := decodeStrict(body, &in)
	if err == nil && in.Latency != "" {
		in.Fault.Latency, err = time.ParseDuration(in.Latency)
	}
	if err = cmp.Or(err, in.validate()); err == nil {
		e.Inject(in.Fault)
	}
	return err
}

// Seed says how many apps and keys to create at once.
type Seed struct {
	Apps       int `json:"apps"`
	KeysPerApp int `json:"keys_per_app"`
	Scopes     int `json:"scopes"` // number of scopes of each key
}

// seed creates the apps seed-00001, seed-00002 and so on for the first account.
// Apps that exist stay and get additional keys.
func (e *Emulator) seed(in Seed) error {
	if in.Apps < 0 || in.KeysPerApp < 0 || in.Scopes < 0 {
		return fmt.Errorf("apps, keys_per_app and scopes must not be negative")
	}
	scopes := someScopes(in.Scopes)
	return e.edit(func() error {
		now := e.opts.Now()
		for i := range in.Apps {
			ref := appRef{e.store.primary.UserID, fmt.Sprintf("seed-%05d", i+1)}
			if e.store.app(ref) == nil {
				own := Workflow{ID: defaultWorkflow, AppID: ref.AppID, UserID: ref.UserID}
				copied := []string{defaultWorkflow}
				e.store.putApp((&App{ID: ref.AppID, UserID: ref.UserID, DefaultWorkflow: own,
					Workflows: copied, CopiedWorkflows: copied, Counts: Counts{Workflows: 1}}).withDefaults(now))
			}
			for n := range in.KeysPerApp {
				e.store.putKey(&Key{ID: NewSecret(), Type: typeAppKey, Description: fmt.Sprintf("seeded %d", n+1),
					Scopes: scopes, AppID: ref.AppID, UserID: ref.UserID, CreatedAt: now})
			}
		}
		return nil
	})
}
