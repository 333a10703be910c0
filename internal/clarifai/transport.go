package clarifai

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"

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
