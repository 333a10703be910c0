package clarifai

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/hashicorp/go-cleanhttp"
)

// NewTransport returns a pooled transport that trusts the given PEM
// certificates, or the system's for nil.
func NewTransport(rootsPEM []byte) (http.RoundTripper, error) {
	t := cleanhttp.DefaultPooledTransport()
	t.MaxIdleConnsPerHost = 32 // Terraform runs 10 operations at once by default, more with -parallelism
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

// explain notes in e why a request got no answer, in words that name the fix. It
// does not quote url.Error, whose URL may hold a key.
func (c *Client) explain(e *Error, err error) {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	var (
		unknownCA x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		dns       *net.DNSError
		record    tls.RecordHeaderError
		op        *net.OpError
	)
	dialed := errors.As(err, &op)
	switch {
	case errors.Is(err, context.Canceled):
		e.err, e.Cause = context.Canceled, "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		e.err = context.DeadlineExceeded
		e.Cause = "no answer in time (request_timeout is " + c.cfg.RequestTimeout.String() + ")"
	case errors.As(err, &unknownCA):
		e.err = errNotRetryable
		e.Cause = "the server's certificate is signed by an authority that this machine does not trust; if it is your company's, set " +
			"root_certificates_path to its file"
	case errors.As(err, &hostname), errors.As(err, &invalid):
		e.err = errNotRetryable
		e.Cause = "the server's certificate is not valid for " + c.base.Host + ": " + c.foreign(err.Error(), "")
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		e.err = errNotRetryable
		e.Cause = c.base.Host + " does not speak TLS; check api_base"
	case dialed && op.Op == "proxyconnect": // its name may be what cannot be resolved
		e.Cause = "the proxy cannot be reached (" + c.secrets.redact(op.Err.Error()) + "); check the environment variables HTTPS_PROXY, " +
			"HTTP_PROXY and NO_PROXY"
	case errors.As(err, &dns):
		e.Cause = "the name " + c.base.Hostname() + " cannot be resolved; check the network and api_base"
	case dialed && op.Op == "dial":
		check := "the network, the proxy settings and api_base"
		if loopback(c.base.Hostname()) && errors.Is(err, syscall.ECONNREFUSED) {
			check = "that the emulator is running, and api_base"
		}
		e.Cause = "cannot connect to " + c.base.Host + " (" + c.secrets.redact(op.Err.Error()) + "); check " + check
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Cause = "the connection was closed before the answer was complete"
	default: // may quote what the server wrote, such as a malformed header
		e.Cause = c.foreign(err.Error(), "")
	}
}
