# Whose token does this configuration use?
data "clarifai_user" "token_owner" {}

output "token_owner" {
  value = data.clarifai_user.token_owner.id
}
