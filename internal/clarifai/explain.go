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
)

// explain says why a request got no answer, in words that name the fix. The
// text of url.Error is not used: it holds the URL, and that may hold a key.
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
	switch {
	case errors.Is(err, context.Canceled):
		e.err, e.Cause = context.Canceled, "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		e.err = context.DeadlineExceeded
		e.Cause = "no answer in time (request_timeout is " + c.cfg.RequestTimeout.String() + ")"
	case errors.As(err, &unknownCA):
		e.err = errNotRetryable
		e.Cause = "the server's certificate is signed by an authority that is not trusted here; if it is your company's, name its file in root_certificates_path"
	case errors.As(err, &hostname), errors.As(err, &invalid):
		e.err = errNotRetryable
		e.Cause = "the server's certificate is not valid for " + c.base.Host + ": " + c.secrets.foreign(err.Error(), "")
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		e.err = errNotRetryable
		e.Cause = c.base.Host + " does not speak TLS; check api_base"
	case errors.As(err, &dns):
		e.Cause = "the name " + c.base.Hostname() + " can not be resolved; check the network and api_base"
	case errors.As(err, &op) && op.Op == "dial":
		e.Cause = "can not connect to " + c.base.Host + " (" + c.Redact(op.Err.Error()) + "); check the network, the proxy settings and api_base"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Cause = "the connection was closed in the middle"
	default: // may quote what the server wrote, such as a malformed header
		e.Cause = c.secrets.foreign(err.Error(), "")
	}
}
