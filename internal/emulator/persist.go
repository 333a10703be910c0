package emulator

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Save writes the state as lines of JSON, each with a list of changes that belong
// together. The state contains every secret in clear text. It does not include
// switches, faults and the request log.
func (e *Emulator) Save(w io.Writer) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.save(w)
}

// Load replaces the state with one written by [Emulator.Save]. It drops an
// incomplete last line, which a killed process may leave behind. Any other
// malformed input is an error and leaves the state unchanged.
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

// Open returns an emulator that keeps its state in the file at path, which it
// creates if necessary. It writes every change before it answers the request, so
// that a killed process loses no acknowledged change. A UserID or PAT in the
// options is added to the state. Only one process at a time may use the file.
func Open(path string, o Options) (*Emulator, error) {
	e := New(o)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	if len(content) > 0 { // treat an empty file as a missing one
		if err := e.Load(bytes.NewReader(content)); err != nil {
			return nil, fmt.Errorf("reading the state in %s: %w", path, err)
		}
	}
	if o.UserID != "" || o.PAT != "" {
		e.setOwner(o)
	}
	e.journal = &journal{path: path}
	if err := e.journal.restart(e.store); err != nil {
		return nil, err
	}
	return e, nil
}

// setOwner makes the account in the options the first one, even if the file names
// another.
func (e *Emulator) setOwner(o Options) {
	old := e.store.primary
	userID := cmp.Or(o.UserID, old.UserID)
	pat := o.PAT
	if pat == "" && userID == old.UserID {
		pat = old.PAT
	}
	changes := e.ownerChanges(userID, cmp.Or(pat, NewSecret()))
	if e.store.users[userID] != nil {
		changes = changes[1:]
	}
	e.store.applyAll(changes)
}

// Close flushes and closes the state file, if there is one. It drops the work that
// faults postponed and that has not begun. Do not use the emulator afterwards.
func (e *Emulator) Close() error {
	e.late.close() // needs e.mu to be free
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
	for _, c := range s.snapshot() {
		if err := enc.Encode([]change{c}); err != nil {
			return err
		}
	}
	return buf.Flush()
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
		return nil, errors.New("state: no owner, so the file was not written by this emulator")
	}
	return s, nil
}

// journal is the file that holds the state: the output of save, followed by one
// line for each later batch of changes.
type journal struct {
	path string
	file *os.File
	size int64
}

// restart atomically replaces the content of the file with the state.
func (j *journal) restart(s *store) error {
	tmp, err := os.CreateTemp(filepath.Dir(j.path), filepath.Base(j.path)+".*.tmp") // mode 0600
	if err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails after the rename, which is fine
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

// append writes one batch. It does not call fsync: the batch survives a crash of
// the process, but not of the machine.
func (j *journal) append(changes []change) error {
	line, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := j.file.Write(line); err != nil {
		// A partial line would make the following lines unreadable.
		return errors.Join(err, j.file.Truncate(j.size))
	}
	j.size += int64(len(line))
	return nil
}

func (j *journal) close() error {
	return errors.Join(j.file.Sync(), j.file.Close())
}
