// Package clarifai is a client of Clarifai's REST API for apps and app-specific
// API keys. It knows nothing of Terraform.
//
// The id of a Clarifai key is the key itself, so this package treats every key
// id as a secret: it never stands in an error, a log record or the URL of a
// read.
package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// Defaults of [Config].
const (
	DefaultBaseURL           = "https://api.clarifai.com"
	DefaultRequestsPerSecond = 15 // documented for every account by Clarifai
	DefaultMaxRetries        = 8
	DefaultRequestTimeout    = 30 * time.Second
)

// Logger takes the client's debug records. Messages and fields hold no secret.
type Logger interface {
	Debug(ctx context.Context, msg string, fields map[string]any)
}

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with the context's error when that ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// Config says how to reach Clarifai. Zero fields take the defaults above.
type Config struct {
	BaseURL string // without /v2
	PAT     string // a personal access token
	UserID  string // user or organization; empty: the owner of the PAT
	Version string // the provider's version, for User-Agent and request ids

	RootCertificates  []byte        // PEM; nil: the system's roots
	RequestsPerSecond float64       // one budget for the whole client
	MaxRetries        int           // repeats after failures other than throttling
	RequestTimeout    time.Duration // of one attempt
	RetryBase         time.Duration // the first backoff; doubles each time
	GatherWindow      time.Duration // how long a read waits for others to share a listing with

	// SameScopes tells whether a key that was asked for with the scopes want
	// may be stored by the server with the scopes got.
	SameScopes func(want, got []string) bool

	Transport http.RoundTripper // nil: a pooled one of the client's own
	Logger    Logger
	Clock     Clock
}

// Client talks to one Clarifai deployment with one PAT. It is safe for
// concurrent use, and all its users share one rate limit.
type Client struct {
	cfg     Config
	base    *url.URL
	http    *http.Client
	pace    *pacer
	secrets *redactor

	served atomic.Int64 // the server's latest Date, in seconds of Unix time

	flight   singleflight.Group
	mu       sync.Mutex
	me       *User
	trusted  map[string]error
	accounts map[string]*account
	alike    *keyedMutex
}

// New makes a client. It sends nothing. It fails when the base URL is not
// usable, is plain http to a host that is not loopback, or when the root
// certificates hold no certificate.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	cfg.PAT = strings.TrimSpace(cfg.PAT) // read from a file, it ends in a line break
	base, err := ParseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	switch {
	case cfg.PAT == "":
		return nil, errors.New("no personal access token")
	case strings.ContainsFunc(cfg.PAT, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("the personal access token holds characters that none has, such as a space or a line break")
	}
	transport := cfg.Transport
	if transport == nil {
		if transport, err = newTransport(cfg.RootCertificates); err != nil {
			return nil, err
		}
	}
	c := &Client{
		cfg:  cfg,
		base: base,
		http: &http.Client{
			Transport: transport,
			// A redirect would carry the PAT and, in a path, a key to wherever
			// it points. The answer itself is read instead.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		pace:     newPacer(cfg.RequestsPerSecond, cfg.Clock),
		secrets:  newRedactor(cfg.PAT),
		trusted:  map[string]error{},
		accounts: map[string]*account{},
		alike:    newKeyedMutex(),
	}
	return c, nil
}

func (cfg Config) withDefaults() Config {
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	if cfg.RequestsPerSecond <= 0 {
		cfg.RequestsPerSecond = DefaultRequestsPerSecond
	}
	if cfg.MaxRetries <= 0 {
		cfg.MaxRetries = DefaultMaxRetries
	}
	if cfg.RequestTimeout <= 0 {
		cfg.RequestTimeout = DefaultRequestTimeout
	}
	if cfg.RetryBase <= 0 {
		cfg.RetryBase = 250 * time.Millisecond
	}
	if cfg.GatherWindow <= 0 {
		cfg.GatherWindow = 25 * time.Millisecond
	}
	if cfg.SameScopes == nil {
		cfg.SameScopes = sameSet
	}
	if cfg.Clock == nil {
		cfg.Clock = wallClock{}
	}
	if cfg.Logger == nil {
		cfg.Logger = silent{}
	}
	if cfg.Version == "" {
		cfg.Version = "dev"
	}
	return cfg
}

// Redact replaces every secret that the client has seen in s.
func (c *Client) Redact(s string) string { return c.secrets.redact(s) }

// RedactForeign also replaces what merely looks like a key. It serves a nil
// client, which has seen none.
func (c *Client) RedactForeign(s string) string {
	if c == nil {
		return keyLike.ReplaceAllString(s, mask)
	}
	return c.secrets.foreign(s, "")
}

// Now is the time by the client's clock.
func (c *Client) Now() time.Time { return c.cfg.Clock.Now() }

// noteServerTime keeps the Date of an answer.
func (c *Client) noteServerTime(date string) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	for {
		known := c.served.Load()
		if at.Unix() <= known || c.served.CompareAndSwap(known, at.Unix()) {
			return
		}
	}
}

// serverTime is the latest that an answer has told, in whole seconds; zero
// before any has.
func (c *Client) serverTime() time.Time {
	if s := c.served.Load(); s > 0 {
		return time.Unix(s, 0)
	}
	return time.Time{}
}

// aliasMe is Clarifai's alias in a path for the owner of the PAT.
const aliasMe = "me"

// UserID is the configured user or, when none is, the owner of the PAT, who is
// asked for once. Clarifai's alias for that owner, me, counts as none: answers
// bear the real id.
func (c *Client) UserID(ctx context.Context) (string, error) {
	if c.cfg.UserID != "" && c.cfg.UserID != aliasMe {
		return c.cfg.UserID, nil
	}
	u, err := c.Me(ctx)
	if err != nil {
		return "", fmt.Errorf("finding out whose PAT this is (set user_id to skip the question): %w", err)
	}
	return u.ID, nil
}

// debug masks here as well, whatever a caller puts into a record.
func (c *Client) debug(ctx context.Context, msg string, fields map[string]any) {
	for name, v := range fields {
		if text, ok := v.(string); ok {
			fields[name] = c.Redact(text)
		}
	}
	c.cfg.Logger.Debug(ctx, msg, fields)
}

type silent struct{}

func (silent) Debug(context.Context, string, map[string]any) {}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
