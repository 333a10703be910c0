// Command clumsy is the provider with a mistake of another kind: it panics with
// what it was about to send, where CLUMSY names the verb. The leak test has to
// find nothing.
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

type clumsy struct{}

func (clumsy) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != os.Getenv("CLUMSY") {
		return http.DefaultTransport.RoundTrip(r)
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	panic(fmt.Sprintf("can not send %s with %v and %s", r.URL, r.Header, body))
}

func main() {
	tune := provider.WithClient(func(cfg *clarifai.Config) { cfg.Transport = clumsy{} })
	serve := func() tfprotov6.ProviderServer { return provider.New("clumsy", tune).Server() }
	if err := tf6server.Serve("registry.terraform.io/clarifai/clarifai", serve); err != nil {
		log.Fatal(err)
	}
}
