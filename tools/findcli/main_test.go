package main

import (
	"strings"
	"testing"
)

func TestExports(t *testing.T) {
	t.Parallel()
	got := exports("/a path/it's", true)
	want := "export TF_ACC_TERRAFORM_PATH='/a path/it'\\''s'\nexport TF_ACC_PROVIDER_HOST=registry.opentofu.org\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := exports("/bin/terraform", false); strings.Contains(got, "TF_ACC_PROVIDER_HOST") {
		t.Errorf("Terraform needs no provider host: %q", got)
	}
}
