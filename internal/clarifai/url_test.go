package clarifai

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://api.clarifai.com":      "https://api.clarifai.com",
		"https://api.clarifai.com///":   "https://api.clarifai.com",
		" api.clarifai.com\n":           "https://api.clarifai.com",
		"api.clarifai.com:8443":         "https://api.clarifai.com:8443",
		"https://inside/clarifai":       "https://inside/clarifai",
		"HTTPS://api.clarifai.com":      "https://api.clarifai.com",
		"http://localhost:8080":         "http://localhost:8080",
		"http://LocalHost":              "http://LocalHost",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080",
		"http://127.9.9.9":              "http://127.9.9.9",
		"http://[::1]:8080":             "http://[::1]:8080",
		"https://api.clarifai.com/v2/x": "https://api.clarifai.com/v2/x",
	} {
		u, err := ParseBaseURL(in)
		if err != nil || u.String() != want {
			t.Errorf("%q: %v, %v", in, u, err)
		}
	}
	secret := apitest.NewSecret()
	for in, want := range map[string]string{
		"":                              "it is empty",
		"  /":                           "it is empty",
		"https://":                      "is not a URL",
		"https://:443":                  "is not a URL",
		"https://a b":                   "is not a URL",
		"https://u:" + secret + "@a b/": "it is not a URL",
		"https://a b/?k=" + secret:      "it is not a URL",
		"https://" + secret + "@a":      "credentials belong in pat",
		"https://u:" + secret + "@a":    "credentials belong in pat",
		"https://a?key=" + secret:       "has a query or a fragment",
		"https://a?":                    "has a query or a fragment",
		"https://a#" + secret:           "has a query or a fragment",
		"https://a/v2":                  "ends in /v2, which the provider adds itself; remove it",
		"https://a/x/v2/":               "ends in /v2",
		"http://api.clarifai.com":       "plain http",
		"http://10.0.0.1":               "plain http",
		"http://localhost.evil.example": "plain http",
		"ftp://a":                       `has the scheme "ftp"; use https`,
	} {
		u, err := ParseBaseURL(in)
		if err == nil {
			t.Errorf("%q is taken for %s", in, u)
			continue
		}
		apitest.Says(t, err.Error(), want)
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the credential is in the error: %v", strings.ReplaceAll(err.Error(), secret, "SECRET"))
		}
	}
}

func TestEverySegmentIsEscaped(t *testing.T) {
	t.Parallel()
	for segment, want := range map[string]string{
		"plain-Id_1":  "plain-Id_1",
		"a/b":         "a%2Fb",
		"a b":         "a%20b",
		"..":          "%2E%2E",
		".":           "%2E",
		"...":         "...",
		"50%":         "50%25",
		"%2F":         "%252F",
		"a?b#c":       "a%3Fb%23c",
		"ключ":        "%D0%BA%D0%BB%D1%8E%D1%87",
		"a;b":         "a%3Bb",
		"line\nbreak": "line%0Abreak",
	} {
		c, j := serve(t, apitest.Reply(404, apitest.NotFound))
		_, _ = c.GetApp(t.Context(), segment, segment)
		apitest.Equal(t, j.All()[0].Path, "/v2/users/"+want+"/apps/"+want, "path of", segment)
	}
	c, j := serve(t, apitest.Reply(404, apitest.NotFound), func(cfg *Config) { cfg.BaseURL += "/clari%2Ffai/prod/" })
	_, _ = c.GetApp(t.Context(), "acme", "a/b")
	apitest.Equal(t, j.All()[0].Path, "/clari%2Ffai/prod/v2/users/acme/apps/a%2Fb", "path below a base")
}

// Without its last segment the path of DeleteApp would be the listing's.
func TestEmptyIDsAreNotSent(t *testing.T) {
	t.Parallel()
	c, j := serve(t, apitest.Reply(200, apitest.OK))
	apitest.Fails(t, apitest.Err(c.DeleteApp(t.Context(), "acme", "")), "an id is empty")
	apitest.Fails(t, c.DeleteKey(t.Context(), "acme", ""))
	apitest.Equal(t, len(j.All()), 0, "requests")
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	secret := apitest.NewSecret()
	for want, change := range map[string]func(*Config){
		"plain http":                   func(c *Config) { c.BaseURL = "http://api.clarifai.com" },
		"no personal access token":     func(c *Config) { c.PAT = " \n" },
		"contains a character":         func(c *Config) { c.PAT = secret + " X-Other" },
		"holds no PEM certificate":     func(c *Config) { c.RootCertificates = []byte(secret) },
		"contains a character that no": func(c *Config) { c.PAT = secret + "é" },
	} {
		cfg := testConfig()
		change(&cfg)
		_, err := New(cfg)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		} else if strings.Contains(err.Error(), secret) {
			t.Error("the error holds the secret")
		}
	}
}

func TestOwnRootCertificates(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(apitest.Reply(200, apitest.OKStatus+`,"user":{"id":"alice"}}`))
	srv.Config.ErrorLog = quiet()
	srv.StartTLS()
	t.Cleanup(srv.Close)
	cfg := testConfig()
	cfg.BaseURL = srv.URL

	c := mustNew(t, cfg)
	_, err := c.GetMe(t.Context())
	apitest.Fails(t, err, "root_certificates_path")
	if e := AsError(err); e != nil && e.Attempts != 1 {
		t.Errorf("%d attempts at what time does not heal", e.Attempts)
	}

	cfg.RootCertificates = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if u, err := mustNew(t, cfg).GetMe(t.Context()); err != nil || u.ID != "alice" {
		t.Errorf("%+v, %v", u, err)
	}

	cfg.BaseURL = strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	apitest.Fails(t, apitest.Err(mustNew(t, cfg).GetMe(t.Context())), "certificate is not valid for localhost")

	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	cfg.BaseURL = strings.Replace(plain.URL, "http:", "https:", 1)
	apitest.Fails(t, apitest.Err(mustNew(t, cfg).GetMe(t.Context())), "does not speak TLS")
}
