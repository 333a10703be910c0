package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// snapshot is what the state file holds: every secret in clear text, but no
// switches, faults and requests.
type snapshot struct {
	Primary primary `json:"primary"`
	Users   []*user `json:"users"`
	Apps    []*App  `json:"apps"`
	Keys    []*Key  `json:"keys"`
	Moved   renames `json:"moved"`
}

// Load replaces the state with the content of a state file. If the content is
// malformed, the state stays as it is.
func (e *Emulator) Load(r io.Reader) error {
	var saved snapshot
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&saved); err != nil || saved.Primary.PAT == "" {
		return fmt.Errorf("the content was not written by this version of the emulator: %w", cmp.Or(err, errors.New("it has no owner")))
	}
	return e.edit(func() error {
		s := newStore()
		s.primary, s.secrets = saved.Primary, e.store.secrets
		if saved.Moved != nil {
			s.moved = saved.Moved
		}
		for _, u := range saved.Users {
			s.users.put(u)
		}
		for _, a := range saved.Apps {
			s.apps.put(a)
		}
		for _, k := range saved.Keys {
			s.putKey(k)
		}
		s.users.changes += e.store.version()
		e.store = s
		return nil
	})
}

// Open returns an emulator that keeps its state in the file at path, which it
// creates if necessary, or without a path in memory. It writes every change before it answers the request, so
// that a killed process loses no acknowledged change. A UserID or PAT in the
// options is added to the state. Only one process at a time may use the file.
func Open(path string, o Options) (*Emulator, error) {
	e := New(o)
	if path == "" {
		return e, nil
	}
	file, err := os.Open(path) // #nosec G304 -- the file that the user names
	switch {
	case err == nil:
		defer file.Close()
		if info, err := file.Stat(); err != nil || info.Size() == 0 { // treat an empty file as a missing one
			break
		}
		if err := e.Load(file); err != nil {
			return nil, fmt.Errorf("reading the state in %s: %w", path, err)
		}
		if o.UserID != "" || o.PAT != "" {
			e.setOwner(o)
		}
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	e.file.path = path
	return e, e.persist(e.store.version())
}

// setOwner makes the account in the options the first one, even if the file names
// another.
func (e *Emulator) setOwner(o Options) {
	old := e.store.primary
	userID, pat := cmp.Or(o.UserID, old.UserID), o.PAT
	if pat == "" && userID == old.UserID {
		pat = old.PAT
	}
	e.store.setPrimary(e.opts.Now(), primary{userID, cmp.Or(pat, NewSecret())})
}

// stateFile is where an emulator keeps its state; without a path, nowhere.
type stateFile struct {
	path  string
	mu    sync.Mutex // held while the file is written
	saved int        // version of the state in the file
}

// persist returns once the file holds this version of the state, or a later one:
// requests that come while the file is written share the next write. It does not
// call fsync: a change survives a crash of the process, but not of the machine.
func (e *Emulator) persist(version int) error {
	f := &e.file
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.path == "" || f.saved >= version {
		return nil
	}
	e.mu.Lock()
	s, latest := e.store, e.store.version()
	content, err := json.Marshal(snapshot{s.primary, s.users.all, s.apps.all, s.keys.all, s.moved})
	e.mu.Unlock()
	if err == nil {
		err = writeAtomically(f.path, content)
	}
	if err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	f.saved = latest
	return nil
}

// writeAtomically replaces a file, so that a process that is killed leaves the old
// content or the new one.
func writeAtomically(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails after the rename, which is fine
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// Close drops the work that faults postponed and that has not begun, and writes what
// an earlier write failed to. Do not use the emulator afterwards.
func (e *Emulator) Close() error {
	e.late.close() // needs e.mu to be free
	e.mu.Lock()
	version := e.store.version()
	e.mu.Unlock()
	return e.persist(version)
}
