package clarifai

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/go-cleanhttp"
)

// ParseBaseURL reads an API base as Clarifai's own tools take it: a URL without
// /v2, or a bare host, which means https. Plain http is refused for any host
// but loopback, because the PAT would travel in clear.
func ParseBaseURL(s string) (*url.URL, error) {
	raw := strings.TrimSpace(s)
	if strings.Trim(raw, "/") == "" {
		return nil, errors.New("it is empty; give a URL such as " + DefaultBaseURL)
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(strings.TrimRight(raw, "/"))
	if err != nil || u.Hostname() == "" {
		if strings.ContainsAny(s, "@?") { // may hold a credential
			s = "it"
		} else {
			s = strconv.Quote(s)
		}
		return nil, fmt.Errorf("%s is not a URL; give one such as %s", s, DefaultBaseURL)
	}
	switch {
	case u.User != nil:
		return nil, errors.New("it holds a user name or a password; credentials belong in pat")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("it has a query or a fragment; give the bare URL, such as %s", DefaultBaseURL)
	case strings.HasSuffix(u.Path, "/v2"):
		return nil, fmt.Errorf("%q ends in /v2, which the provider adds by itself; leave it out", s)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("%q is plain http to a host that is not this machine: the PAT would travel in clear; use https", s)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q has the scheme %q; use https", s, u.Scheme)
	}
	return u, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// url builds the address of a method: each segment is escaped, here and nowhere else.
func (c *Client) url(query url.Values, segments ...string) *url.URL {
	var raw strings.Builder
	raw.WriteString(c.base.EscapedPath())
	raw.WriteString("/v2")
	for _, s := range segments {
		raw.WriteByte('/')
		raw.WriteString(escapeSegment(s))
	}
	u := *c.base
	u.RawPath = raw.String()
	u.Path, _ = url.PathUnescape(u.RawPath) // what escapeSegment wrote always unescapes
	u.RawQuery = query.Encode()
	return &u
}

func escapeSegment(s string) string {
	switch s {
	case ".": // dot segments are resolved away by proxies, escaped or not seen as one
		return "%2E"
	case "..":
		return "%2E%2E"
	}
	return url.PathEscape(s)
}

func newTransport(rootsPEM []byte) (http.RoundTripper, error) {
	t := cleanhttp.DefaultPooledTransport()
	t.MaxIdleConnsPerHost = 32 // Terraform works on 10 things at once by default, more when asked
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if rootsPEM != nil {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(rootsPEM) {
			return nil, errors.New("the file of root certificates holds no PEM certificate")
		}
		t.TLSClientConfig.RootCAs = pool
	}
	return t, nil
}
