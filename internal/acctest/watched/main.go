// Command watched serves the provider as the shipped program does, and reports to the
// recorder of the test what its plans name and what it deletes. MISTAKE gives it a mistake
// that is easy to make: with "log" it logs the URL of each request, and with the name of a
// verb it panics with what it is about to send.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// mistaken is a transport with that mistake.
type mistaken string

// RoundTrip sends the request, unless it panics.
func (m mistaken) RoundTrip(r *http.Request) (*http.Response, error) {
	switch string(m) {
	case "log":
		tflog.Debug(r.Context(), "sending a request", map[string]any{"url": r.URL.String()})
	case r.Method:
		var body []byte
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
		}
		panic(fmt.Sprintf("cannot send %s with %v and %s", r.URL, r.Header, body))
	}
	return http.DefaultTransport.RoundTrip(r)
}

func main() {
	options := recorder.Remote()
	if mistake := os.Getenv("MISTAKE"); mistake != "" {
		set := provider.WithClient(func(cfg *clarifai.Config) { cfg.Transport = mistaken(mistake) })
		options = append([]provider.Option{set}, options...)
	}
	if err := provider.Serve("dev", false, options...); err != nil {
		log.Fatal(err)
	}
}
