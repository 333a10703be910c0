// Command watched serves the provider as the shipped program does, and reports to the
// recorder of the test what its plans name and what it deletes.
package main

import (
	"log"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	if err := provider.Serve("dev", false, recorder.Remote()...); err != nil {
		log.Fatal(err)
	}
}
