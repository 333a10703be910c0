package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Request is one request to an emulator, made without the provider.
type Request struct {
	What      string // what errors say was being done
	Verb, URL string
	PAT       string
	Body      any // nil: none
	Answer    any // where to decode the answer; nil: nowhere
}

var client = &http.Client{Timeout: time.Minute}

// Call sends a request. Its errors never contain the URL, which may hold a key.
func Call(ctx context.Context, r Request) error {
	if err := r.send(ctx); err != nil {
		return fmt.Errorf("%s: %w", r.What, err)
	}
	return nil
}

func (r Request) send(ctx context.Context) error {
	var content bytes.Buffer
	if r.Body != nil {
		if err := json.NewEncoder(&content).Encode(r.Body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.Verb, r.URL, &content)
	if err != nil {
		return errors.New("the request cannot be made")
	}
	if r.PAT != "" {
		req.Header.Set("Authorization", "Key "+r.PAT)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return errors.New("the emulator does not answer")
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, data)
	}
	if r.Answer == nil {
		return nil
	}
	return json.Unmarshal(data, r.Answer)
}
