package clarifai

import (
	"encoding/json"
	"errors"
	"time"
)

// Time is a timestamp in an answer: RFC 3339 with any fraction. Absent, null,
// empty and the epoch, which some of Clarifai's tools print for "unset", are
// the zero time.
type Time struct{ time.Time }

// UnmarshalJSON reads a timestamp.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		*t = Time{}
		return nil
	}
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return errors.New("a timestamp that is not a string")
	}
	at, err := time.Parse(time.RFC3339Nano, string(b[1:len(b)-1]))
	at = at.UTC()
	if err != nil || at.Year() < 0 || at.Year() > 9999 { // its offset may put it into a year that RFC 3339 cannot express
		return errors.New("a timestamp that is not RFC 3339")
	}
	if at.Unix() == 0 && at.Nanosecond() == 0 {
		at = time.Time{}
	}
	*t = Time{at}
	return nil
}

// MarshalJSON writes RFC 3339 in UTC.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(time.RFC3339Nano))
}

// IsZero reports whether the time is unset; omitzero leaves it out then.
func (t Time) IsZero() bool { return t.Time.IsZero() }

// IsSameDate reports whether two times, or their absence, are the same to the second:
// a server may store less than it is sent.
func (t Time) IsSameDate(u Time) bool { return t.Sub(u.Time).Abs() < time.Second }

// String returns RFC 3339 in UTC, or nothing for the zero time.
func (t Time) String() string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
