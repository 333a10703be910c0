package clarifai

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestHasWorkflow(t *testing.T) {
	t.Parallel()
	ref := func(user, app, id string) *WorkflowRef { return &WorkflowRef{UserID: user, AppID: app, ID: id} }
	for name, tt := range map[string]struct {
		has    App
		wanted *WorkflowRef
		want   bool
	}{
		"the same":               {App{ID: "shop", DefaultWorkflow: ref("clarifai", "main", "A")}, ref("clarifai", "main", "A"), true},
		"another ID":             {App{ID: "shop", DefaultWorkflow: ref("clarifai", "main", "B")}, ref("clarifai", "main", "A"), false},
		"another app":            {App{ID: "shop", DefaultWorkflow: ref("clarifai", "other", "A")}, ref("clarifai", "main", "A"), false},
		"another user":           {App{ID: "shop", DefaultWorkflow: ref("bob", "main", "A")}, ref("clarifai", "main", "A"), false},
		"any user":               {App{ID: "shop", DefaultWorkflow: ref("bob", "main", "A")}, ref("", "main", "A"), true},
		"any app":                {App{ID: "shop", DefaultWorkflow: ref("bob", "other", "A")}, ref("", "", "A"), true},
		"the app's own copy":     {App{ID: "shop", DefaultWorkflow: ref("acme", "shop", "A")}, ref("clarifai", "main", "A"), true},
		"no app in the answer":   {App{ID: "shop", DefaultWorkflow: ref("", "", "A")}, ref("clarifai", "main", "A"), true},
		"deprecated field":       {App{ID: "shop", DefaultWorkflowID: "A"}, ref("clarifai", "main", "A"), true},
		"deprecated, another ID": {App{ID: "shop", DefaultWorkflowID: "B"}, ref("clarifai", "main", "A"), false},
		"none":                   {App{ID: "shop"}, ref("clarifai", "main", "A"), false},
	} {
		apitest.Equal(t, tt.has.HasWorkflow(*tt.wanted), tt.want, name)
	}
}

func TestIsBare(t *testing.T) {
	t.Parallel()
	at := Time{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i, tt := range []struct {
		app  App
		want bool
	}{
		{App{ID: "a", UserID: "u"}, true}, {App{ID: "a", Name: new("n")}, true}, {App{CreatedAt: at}, false},
		{App{DefaultLanguage: new("en")}, false}, {App{Visibility: &Visibility{Private}}, false}, {App{Description: new("")}, false},
	} {
		apitest.Equal(t, tt.app.IsBare(), tt.want, "app", i)
	}
	for i, tt := range []struct {
		key  Key
		want bool
	}{
		{Key{Value: "k", AppID: "a", ExpiresAt: at}, true}, {Key{CreatedAt: at}, false}, {Key{Description: "d"}, false},
		{Key{Scopes: []string{"All"}}, false}, {Key{Endpoints: []string{"/e"}}, false},
	} {
		apitest.Equal(t, tt.key.IsBare(), tt.want, "key", i)
	}
}
