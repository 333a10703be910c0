// Package clarifai is a client of Clarifai's REST API for apps and app-specific
// API keys: one method per API call. It knows nothing of Terraform, and it
// remembers nothing about accounts; package inventory does.
//
// The ID of a Clarifai key is the key itself, so this package treats every key
// ID as a secret. It never puts one into an error, a log record or the URL of a
// read.
package clarifai

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Defaults of [Config].
const (
	DefaultBaseURL           = "https://api.clarifai.com"
	DefaultRequestsPerSecond = 15 // Clarifai documents this limit for every account
	DefaultMaxRetries        = 8
	DefaultRequestTimeout    = 30 * time.Second
	defaultRetryBase         = 250 * time.Millisecond
)

// Logger takes the client's debug records. Messages and fields hold no secret.
type Logger interface {
	Debug(ctx context.Context, msg string, fields map[string]any)
}

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or earlier with the context's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// Config says how to reach Clarifai. Zero fields take the defaults above.
type Config struct {
	BaseURL string // without /v2
	PAT     string // a personal access token
	// PATSource says where the PAT came from, such as CLARIFAI_PAT, for messages
	// about it.
	PATSource string
	// UserSetting names what sets the account where a resource does not, for messages.
	UserSetting string

	Version   string // the provider's version, for User-Agent and request IDs
	UserAgent string // empty: the provider's name and Version

	RootCertificates  []byte        // PEM; nil: the system's roots
	RequestsPerSecond float64       // one limit for the whole client
	MaxRetries        int           // retries after failures other than throttling
	RequestTimeout    time.Duration // of one attempt
	RetryBase         time.Duration // upper bound of the first backoff; doubles each time

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
	limiter *rateLimiter
	secrets *redactor

	refused     outage                 // of the PAT, which ends every call alike
	unreachable atomic.Pointer[outage] // set if the last call that was given up got no answer at all
	usedUp      atomic.Pointer[outage] // of the rate limit: set once a call has waited for it while none succeeded, until one does
	succeeded   atomic.Int64           // calls

	findStanding func(ctx context.Context, account string) Standing // nil: not known

	mu         sync.Mutex
	serverTime time.Time      // the latest Date of an answer
	clockAhead *time.Duration // by the answer that says the least; nil before any
}

// New returns a client. It sends nothing. It fails if the base URL is not
// usable or is plain http to a host that is not loopback, if the PAT is empty
// or malformed, or if the root certificates contain no certificate.
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
		return nil, errors.New("the personal access token contains a character that no token has, such as a space or a line break")
	}
	transport := cfg.Transport
	if transport == nil {
		if transport, err = NewTransport(cfg.RootCertificates); err != nil {
			return nil, err
		}
	}
	return &Client{
		cfg:  cfg,
		base: base,
		http: &http.Client{
			Transport: transport,
			// Following a redirect would send the PAT and, in a path, a key to
			// wherever it points. The redirect itself is the answer.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		limiter: newRateLimiter(cfg.RequestsPerSecond, cfg.Clock),
		secrets: newRedactor(cfg.PAT),
	}, nil
}

func (cfg Config) withDefaults() Config {
	cfg.BaseURL = cmp.Or(cfg.BaseURL, DefaultBaseURL)
	cfg.RequestsPerSecond = cmp.Or(cfg.RequestsPerSecond, DefaultRequestsPerSecond)
	cfg.MaxRetries = cmp.Or(cfg.MaxRetries, DefaultMaxRetries)
	cfg.RequestTimeout = cmp.Or(cfg.RequestTimeout, DefaultRequestTimeout)
	cfg.RetryBase = cmp.Or(cfg.RetryBase, defaultRetryBase)
	cfg.Version = cmp.Or(cfg.Version, "dev")
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "terraform-provider-clarifai/"+cfg.Version)
	if cfg.Clock == nil {
		cfg.Clock = systemClock{}
	}
	if cfg.Logger == nil {
		cfg.Logger = noLogger{}
	}
	return cfg
}

// Redact replaces the secrets that the client has seen in s, and whatever else
// looks like a key.
func (c *Client) Redact(s string) string { return c.secrets.redactForeign(s, "") }

// Clock returns the clock that the client was configured with.
func (c *Client) Clock() Clock { return c.cfg.Clock }

// PATSource says where the PAT came from, for messages; empty: not known.
func (c *Client) PATSource() string { return c.cfg.PATSource }

// RequestTimeout returns how long one attempt of a request may take.
func (c *Client) RequestTimeout() time.Duration { return c.cfg.RequestTimeout }

// ServerTime returns the latest time that an answer's Date has told, in whole
// seconds, or the zero time before any has.
func (c *Client) ServerTime() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.serverTime
}

// ClockAhead returns by how much the client's clock is ahead of the server's, or behind
// it if negative: by the answer that says the least.
func (c *Client) ClockAhead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clockAhead == nil {
		return 0
	}
	return *c.clockAhead
}

func (c *Client) noteServerTime(date string) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	ahead := c.cfg.Clock.Now().Sub(at)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clockAhead == nil || ahead.Abs() < c.clockAhead.Abs() {
		c.clockAhead = &ahead
	}
	if at.After(c.serverTime) {
		c.serverTime = at
	}
}

// debug masks whatever a caller puts into a record.
func (c *Client) debug(ctx context.Context, msg string, fields map[string]any) {
	for name, v := range fields {
		if text, ok := v.(string); ok {
			fields[name] = c.secrets.redact(text)
		}
	}
	c.cfg.Logger.Debug(ctx, msg, fields)
}

type noLogger struct{}

func (noLogger) Debug(context.Context, string, map[string]any) {}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
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
