// Command panics is the provider with another mistake: it panics with what it is
// about to send if PANIC_ON names the verb. The leak test must find nothing.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

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
	tune := provider.WithClient(func(cfg *clarifai.Config) { cfg.Transport = panicking{} })
	serve := func() tfprotov6.ProviderServer { return provider.New("panics", tune).Server() }
	if err := tf6server.Serve("registry.terraform.io/clarifai/clarifai", serve); err != nil {
		log.Fatal(err)
	}
}
