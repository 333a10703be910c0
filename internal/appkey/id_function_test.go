package appkey_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeyID gives the ID of a key that Terraform does not know, and refuses what is none without
// repeating it.
func TestAppKeyID(t *testing.T) {
	t.Parallel()
	server := acctest.Start(t, emulator.Options{}).Provider().Server()
	call := func(arguments ...string) *tfprotov6.CallFunctionResponse {
		t.Helper()
		req := &tfprotov6.CallFunctionRequest{Name: "app_key_id"}
		for _, a := range arguments {
			v, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, a))
			must(t, err)
			req.Arguments = append(req.Arguments, &v)
		}
		resp, err := server.CallFunction(t.Context(), req)
		must(t, err)
		return resp
	}
	key := "0123456789abcdef0123456789abcdef"
	resp := call("u", "a", key)
	if resp.Error != nil {
		t.Fatal(resp.Error.Text)
	}
	v, err := resp.Result.Unmarshal(tftypes.String)
	var id string
	if err == nil {
		err = v.As(&id)
	}
	if err != nil || id != "u/a/3eb1bd439947eb76" { // printf %s 0123456789abcdef0123456789abcdef | sha256sum
		t.Errorf("%q, %v", id, err)
	}
	for _, c := range []struct {
		at        int64
		arguments []string
	}{
		{0, []string{"", "a", key}}, {0, []string{"u/a", "a", key}}, {0, []string{key + "/", "a", key}}, {1, []string{"u", "", key}}, {0, []string{"me", "a", key}}, {0, []string{"a user", "a", key}}, {1, []string{"u", "bad app", key}}, {1, []string{"me2", "a.b", key}}, {1, []string{"u", "a/" + key, key}},
		{2, []string{"u", "a", ""}}, {2, []string{"u", "a", "short"}}, {2, []string{"u", "a", fingerprint(key)}}, {2, []string{"u", "a", " " + key}}, {2, []string{"u", "a", key + "\n"}}, {2, []string{"u", "a", "u/a/" + key}},
	} {
		e := call(c.arguments...).Error
		if e == nil || e.FunctionArgument == nil || *e.FunctionArgument != c.at {
			t.Errorf("argument %d is not refused", c.at)
			continue
		}
		if strings.Contains(e.Text, key[:12]) {
			t.Errorf("the refusal of argument %d repeats the key", c.at)
		}
	}
}
