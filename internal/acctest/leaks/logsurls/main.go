// Command logsurls is the provider with a mistake that is easy to make: it logs
// the URL of each request. The leak test must notice.
package main

import (
	"log"
	"net/http"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// logURL is a transport that logs the URL of each request.
type logURL struct{}

// RoundTrip sends the request.
func (logURL) RoundTrip(r *http.Request) (*http.Response, error) {
	tflog.Debug(r.Context(), "sending a request", map[string]any{"url": r.URL.String()})
	return http.DefaultTransport.RoundTrip(r)
}

func main() {
	mistake := provider.WithClient(func(cfg *clarifai.Config) { cfg.Transport = logURL{} })
	if err := provider.Serve("logsurls", false, append([]provider.Option{mistake}, recorder.Remote()...)...); err != nil {
		log.Fatal(err)
	}
}
