package clarifai

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// ParseBaseURL parses an API base as Clarifai's own tools accept it: a URL
// without /v2, or a bare host, which means https. It refuses plain http for any
// host but loopback, because the PAT would be sent unencrypted.
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
		return nil, errors.New("it contains a user name or a password; credentials belong in pat")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("it has a query or a fragment; give the bare URL, such as %s", DefaultBaseURL)
	case strings.HasSuffix(u.Path, "/v2"):
		return nil, fmt.Errorf("%q ends in /v2, which the provider adds itself; remove it", s)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("%q is plain http to a host that is not this machine, so the PAT would be sent unencrypted; use https", s)
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

// url returns the address of a method. Path segments are escaped here and nowhere else.
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
	case ".": // proxies resolve dot segments
		return "%2E"
	case "..":
		return "%2E%2E"
	}
	return url.PathEscape(s)
}
