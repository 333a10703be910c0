# Uses keys that are in no state.

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
