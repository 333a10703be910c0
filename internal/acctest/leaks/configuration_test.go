package leaks

import (
	"os"
	"path/filepath"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// quick makes the provider give up soon.
const quick = `
provider "clarifai" {
  max_retries         = 1
  requests_per_second = 1000
}
`

// tenant is the configuration in testdata, with the values of its variables.
type tenant struct {
	App         string `json:"app"`
	Description string `json:"description"`
	Round       string `json:"round"`
	More        int    `json:"more"`
	Stored      bool   `json:"stored"`

	ephemeral bool
}

// write writes the configuration.
func (l *lifecycle) write(c tenant) {
	l.t.Helper()
	text := quick
	for file, wanted := range map[string]bool{"tenant.tf": true, "stored.tf": c.Stored, "ephemeral.tf": c.ephemeral} {
		if wanted {
			content, err := os.ReadFile(filepath.Join("testdata", file))
			apitest.Must(l.t, err)
			text += string(content)
		}
	}
	l.ws.Write("main.tf", text)
	l.ws.Write("terraform.tfvars.json", apitest.JSON(c))
}
