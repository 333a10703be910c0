package main

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestTenants(t *testing.T) {
	t.Parallel()
	var got struct {
		Tenants map[string]struct {
			Keys map[string]struct{ Scopes []string }
		}
	}
	if err := json.Unmarshal(tenants(25, []string{"Predict"}), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Tenants) != 3 || len(got.Tenants["tenant-0"].Keys) != keysPerApp || len(got.Tenants["tenant-2"].Keys) != 5 ||
		!slices.Equal(got.Tenants["tenant-2"].Keys["key-4"].Scopes, []string{"Predict"}) {
		t.Errorf("%+v", got)
	}
}
