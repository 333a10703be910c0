// Command panics is the provider with another mistake: it panics with what it is
// about to send if PANIC_ON names the verb. The leak test must find nothing.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// panicking is a transport that panics with the request.
type panicking struct{}

// RoundTrip sends the request or panics.
func (panicking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != os.Getenv("PANIC_ON") {
		return http.DefaultTransport.RoundTrip(r)
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	panic(fmt.Sprintf("cannot send %s with %v and %s", r.URL, r.Header, body))
}

func main() {
	mistake := provider.WithClient(func(cfg *clarifai.Config) { cfg.Transport = panicking{} })
	if err := provider.Serve("panics", false, append([]provider.Option{mistake}, recorder.Remote()...)...); err != nil {
		log.Fatal(err)
	}
}
