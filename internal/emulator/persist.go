package emulator

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Save writes the state as lines of JSON, each a list of changes that happen
// together. It holds every secret in clear. Switches, faults and the request
// log are not part of the state.
func (e *Emulator) Save(w io.Writer) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.save(w)
}

// Load replaces the state with what [Emulator.Save] wrote. An incomplete last
// line, as a killed process leaves behind, is dropped; anything else that can
// not be read is an error, and the state stays as it was.
func (e *Emulator) Load(r io.Reader) error {
	loaded, err := readStore(r)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.journal != nil {
		if err := e.journal.restart(loaded); err != nil {
			return err
		}
	}
	for _, secret := range e.store.secrets {
		loaded.remember(secret)
	}
	e.store = loaded
	return nil
}

// Open returns an emulator whose state lives in the file at path. The file is
// made if it does not exist. Every change is in it before it is answered, so
// that a killed process loses nothing that it has acknowledged. A UserID or PAT
// in the options is added to what the file holds. Only one process at a time
// may use the file.
func Open(path string, o Options) (*Emulator, error) {
	e := New(o)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	if len(content) > 0 { // an empty file is as good as none
		if err := e.Load(bytes.NewReader(content)); err != nil {
			return nil, fmt.Errorf("reading the state in %s: %w", path, err)
		}
	}
	if o.UserID != "" || o.PAT != "" {
		e.keepOwner(o)
	}
	e.journal = &journal{path: path}
	if err := e.journal.restart(e.store); err != nil {
		return nil, err
	}
	return e, nil
}

// keepOwner makes the account of the options the one that the emulator
// introduces itself with, whatever the file says.
func (e *Emulator) keepOwner(o Options) {
	was := e.store.primary
	userID := cmp.Or(o.UserID, was.UserID)
	pat := o.PAT
	if pat == "" && userID == was.UserID {
		pat = was.PAT
	}
	changes := e.ownerChanges(userID, cmp.Or(pat, NewSecret()))
	if e.store.users[userID] != nil {
		changes = changes[1:]
	}
	e.store.applyAll(changes)
}

// Close flushes and closes the state file, if there is one. The emulator must
// not be used afterwards.
func (e *Emulator) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.journal == nil {
		return nil
	}
	return e.journal.close()
}

func (s *store) save(w io.Writer) error {
	buf := bufio.NewWriter(w)
	enc := json.NewEncoder(buf)
	write := func(c change) error { return enc.Encode([]change{c}) }
	var err error
	for _, id := range slices.Sorted(maps.Keys(s.users)) {
		err = errors.Join(err, write(change{User: s.users[id]}))
	}
	for _, id := range slices.Sorted(maps.Keys(s.appsOf)) {
		for _, a := range s.appsOf[id].apps {
			err = errors.Join(err, write(change{App: a}))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.keysOf)) {
		for _, k := range s.keysOf[id].keys {
			err = errors.Join(err, write(change{Key: k}))
		}
	}
	for from, to := range s.moved {
		err = errors.Join(err, write(change{Rename: &rename{From: from, To: to}}))
	}
	err = errors.Join(err, write(change{Primary: &s.primary}))
	return errors.Join(err, buf.Flush())
}

func readStore(r io.Reader) (*store, error) {
	s := newStore()
	dec := json.NewDecoder(bufio.NewReader(r))
	dec.DisallowUnknownFields()
	for n := 1; ; n++ {
		var changes []change
		err := dec.Decode(&changes)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("state, entry %d: %w", n, err)
		}
		s.applyAll(changes)
	}
	if s.primary.PAT == "" {
		return nil, errors.New("state: it does not name its owner, so it is not a state of this emulator")
	}
	return s, nil
}

// journal is the file that a state lives in: what save writes, then a line for
// each batch of changes since.
type journal struct {
	path string
	file *os.File
	size int64
}

// restart replaces the file's content by the state, atomically.
func (j *journal) restart(s *store) error {
	tmp, err := os.CreateTemp(filepath.Dir(j.path), filepath.Base(j.path)+".*.tmp") // mode 0600
	if err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails once renamed, as it should
	if err := errors.Join(s.save(tmp), tmp.Sync(), tmp.Close(), os.Rename(tmp.Name(), j.path)); err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	if j.file != nil {
		j.file.Close()
	}
	j.file, err = os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	info, err := j.file.Stat()
	if err == nil {
		j.size = info.Size()
	}
	return err
}

// append writes one batch. There is no fsync: the write survives the process,
// not the machine.
func (j *journal) append(changes []change) error {
	line, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := j.file.Write(line); err != nil {
		// Half a line would make what follows unreadable.
		return errors.Join(err, j.file.Truncate(j.size))
	}
	j.size += int64(len(line))
	return nil
}

func (j *journal) close() error {
	return errors.Join(j.file.Sync(), j.file.Close())
}
