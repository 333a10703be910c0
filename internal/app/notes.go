package app

import "github.com/clarifai/terraform-provider-clarifai/internal/base"

// notePendingRename holds the ID that the app was to get while it is not
// known whether it got it. States hold the name of the key, so it never changes.
const notePendingRename base.Note[string] = "renaming"
