package leaks

import "fmt"

// quick makes the provider give up soon.
const quick = `
provider "clarifai" {
  max_retries         = 1
  requests_per_second = 1000
}
`

// tenant is a configuration with every resource and data source. The secrets are
// in the state or not.
type tenant struct {
	app, description, round string
	more                    int
	stored, ephemeral       bool
}

// config returns the configuration.
func (c tenant) config() string {
	text := quick + fmt.Sprintf(resources, c.app, c.description, c.stored, c.round, c.more)
	if c.stored {
		text += readStored
	}
	if c.ephemeral {
		text += readEphemeral
	}
	return text
}

const resources = `
resource "clarifai_app" "t" {
  id          = %[1]q
  description = %[2]q
}

resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = %[2]q
  scopes      = ["Apps:Get", "Models:Get", "Predict", "Workflows:Get"]
  store_key   = %[3]t
  keepers     = { round = %[4]q }
}

resource "clarifai_app_key" "more" {
  count       = %[5]d
  app_id      = clarifai_app.t.id
  description = "more ${count.index} %[2]s"
  scopes      = ["Predict"]
  store_key   = %[3]t
}

resource "clarifai_rotating_app_key" "r" {
  app_id          = clarifai_app.t.id
  description     = "rotating %[2]s"
  scopes          = ["Predict"]
  store_key       = %[3]t
  rotation_period = "90d"
  overlap         = "7d"
  keepers         = { round = %[4]q }
}

resource "clarifai_app_keys_exclusive" "e" {
  app_id  = clarifai_app.t.id
  key_ids = setunion([clarifai_app_key.k.id], clarifai_app_key.more[*].id, clarifai_rotating_app_key.r.key_ids)
}

data "clarifai_app" "d" {
  id = clarifai_app.t.id
}

data "clarifai_app_keys" "all" {
  app_id = clarifai_app_key.k.app_id
}

data "clarifai_app_keys" "account" {
  depends_on = [clarifai_app_key.k]
}

data "clarifai_apps" "account" {
  depends_on = [clarifai_app_key.k]
}

data "clarifai_scopes" "all" {}

data "clarifai_user" "owner" {}

output "account" {
  value = [data.clarifai_app_keys.account.keys, data.clarifai_apps.account.apps, data.clarifai_scopes.all.granted, data.clarifai_user.owner]
}

output "other_keys" {
  value = clarifai_app_keys_exclusive.e.other_keys
}

output "ids" {
  value = clarifai_app_key.more[*].id
}

output "keys" {
  value = data.clarifai_app_keys.all.keys
}
`

// readStored reads the secrets from the state.
const readStored = `
data "clarifai_app_key" "by_id" {
  id = clarifai_app_key.k.id
}

data "clarifai_app_key" "by_description" {
  app_id      = clarifai_app_key.k.app_id
  description = clarifai_app_key.k.description
}

output "secret" {
  value     = clarifai_app_key.k.key
  sensitive = true
}
`

// readEphemeral uses keys that are in no state.
const readEphemeral = `
ephemeral "clarifai_app_key" "k" {
  id = clarifai_app_key.k.id
}

ephemeral "clarifai_temporary_app_key" "t" {
  app_id  = clarifai_app.t.id
  user_id = clarifai_app.t.user_id
  scopes  = ["Apps:Get", "Models:Get", "Workflows:Get"]
}

provider "clarifai" {
  alias       = "tenant"
  max_retries = 1
  pat         = ephemeral.clarifai_temporary_app_key.t.key
}

provider "clarifai" {
  alias       = "key"
  max_retries = 1
  pat         = ephemeral.clarifai_app_key.k.key
}

data "clarifai_app" "as_tenant" {
  provider   = clarifai.tenant
  id         = clarifai_app.t.id
  depends_on = [clarifai_app.t]
}

data "clarifai_app" "as_key" {
  provider   = clarifai.key
  id         = clarifai_app.t.id
  depends_on = [clarifai_app_key.k]
}
`
