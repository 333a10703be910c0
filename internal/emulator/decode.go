package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// maxBody is the maximum size of a request body in bytes. Clarifai's limit is
// unknown.
const maxBody = 16 << 20

func readBody(r *http.Request) ([]byte, *failure) {
	b, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return nil, fail(codeBadFormat, "reading the body: %v", err)
	}
	return b, nil
}

func checkContentType(h http.Header) *failure {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return fail(codeBadFormat, "Content-Type must be application/json, not '%s'", h.Get("Content-Type"))
	}
	return nil
}

// decodeStrict decodes a body and rejects every name that the message does not
// have in exactly this spelling. Whether Clarifai rejects them is unknown; the
// emulator does, so that a wrong name in the client fails at once.
func decodeStrict(body []byte, into any) error {
	var seen any
	dec := json.NewDecoder(bytes.NewReader(body))
	if err := dec.Decode(&seen); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body has more than one JSON value")
	}
	if _, ok := seen.(map[string]any); !ok {
		return errors.New("the body must be a JSON object")
	}
	if err := checkNames(seen, reflect.TypeOf(into), ""); err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// checkNames checks the names in a JSON value against a type. encoding/json alone
// ignores case.
func checkNames(v any, t reflect.Type, at string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return nil
		}
		for i := range v {
			if err := checkNames(v[i], t.Elem(), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		names := fieldTypes(t)
		for name, value := range v {
			field, ok := names[name]
			path := strings.TrimPrefix(at+"."+name, ".")
			if !ok {
				return fmt.Errorf("unknown field %q", path)
			}
			if err := checkNames(value, field, path); err != nil {
				return err
			}
		}
	}
	return nil
}

func fieldTypes(t reflect.Type) map[string]reflect.Type {
	names := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names[name] = f.Type
		}
	}
	return names
}

// parseQuery returns the query parameters of a request, all of which its method accepts.
func parseQuery(raw string, allowed []string) (url.Values, *failure) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fail(codeInvalidRequest, "the query is malformed: %v", err)
	}
	for name := range values {
		if !slices.Contains(allowed, name) {
			return nil, fail(codeInvalidRequest, "unknown query parameter '%s'", name)
		}
	}
	return values, nil
}

// Page sizes. The default comes from comments in Clarifai's service.proto, the
// maximum from its docs. What happens above the maximum is unknown.
const (
	defaultPerPage = 128
	maxPerPage     = 1000
)

// page is the requested part of a listing. number starts at 1.
type page struct{ number, size int }

// page reads the page parameters. The switch page_cap limits the size.
func (x *exchange) page() (page, *failure) {
	p := page{1, defaultPerPage}
	for name, into := range map[string]*int{"page": &p.number, "per_page": &p.size} {
		s := x.query.Get(name)
		if s == "" || s == "0" {
			continue
		}
		n, err := strconv.ParseUint(s, 10, 31)
		if err != nil {
			return p, fail(codeInvalidRequest, "query parameter '%s' must be a positive number", name)
		}
		*into = int(n)
	}
	if p.size > maxPerPage {
		return p, fail(codeInvalidRequest, "per_page must not be greater than %d", maxPerPage)
	}
	if x.sw.PageCap > 0 {
		p.size = min(p.size, x.sw.PageCap)
	}
	return p, nil
}
