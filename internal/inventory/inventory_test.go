package inventory

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestWhoseAccount(t *testing.T) {
	t.Parallel()
	for _, configured := range []string{"", "me"} {
		inv, j := serve(t, apitest.Reply(200, apitest.OKStatus+`,"user":{"id":"alice","first_name":"A"}}`), func(cfg *setup) { cfg.inventory.UserID = configured })
		for range 3 {
			if me, err := inv.Me(t.Context()); err != nil || me.ID != "alice" || inv.Preflight(t.Context(), "").UserID != "alice" {
				t.Errorf("%q, %v", me.ID, err)
			}
		}
		apitest.Equal(t, j.Count("GET", "/v2/users/me"), 1, "requests")
	}
	inv, j := serve(t, apitest.Reply(401, `{"status":{"code":11009,"description":"API key not found"}}`), func(cfg *setup) { cfg.inventory.UserID = "" })
	if _, err := inv.Me(t.Context()); !clarifai.IsUnauthorized(err) || len(j.All()) != 1 {
		t.Errorf("%d requests, %v", len(j.All()), err)
	}
}

// A reader keeps only so many in mind.
func TestFewMethods(t *testing.T) {
	t.Parallel()
	if n := reflect.TypeFor[*Inventory]().NumMethod(); n > 25 {
		t.Errorf("an inventory has %d exported methods", n)
	}
}

func TestErrorsKeepTheirCause(t *testing.T) {
	t.Parallel()
	wrapped := fmt.Errorf("reading: %w", &UnverifiedAccountError{UserID: "acme", Err: &clarifai.Error{Code: clarifai.CodeDoesNotExist}})
	if !clarifai.IsNotFound(wrapped) || !strings.Contains(wrapped.Error(), "this PAT has no access to the account \"acme\"") {
		t.Error(wrapped)
	}
	lost := &LostError{Sent: &clarifai.Error{Method: "PostKeys"}, Look: context.DeadlineExceeded}
	if !errors.Is(lost, context.DeadlineExceeded) || clarifai.AsError(lost).Method != "PostKeys" {
		t.Error(lost)
	}
}
