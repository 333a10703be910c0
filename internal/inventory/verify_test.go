package inventory

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestAccountIsVerifiedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(w http.ResponseWriter, r *http.Request) {
			<-time.After(time.Second)
			apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`)(w, r)
		}
		inv, j := inBubble(t, slow)
		first, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- inv.VerifyAccount(first, "acme") }()
		synctest.Wait()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := inv.VerifyAccount(t.Context(), "acme"); err != nil {
					t.Errorf("one that was not cancelled: %v", err)
				}
			})
		}
		synctest.Wait()
		cancel() // the caller that asked leaves; the others still get the answer
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wg.Wait()
		if n := len(j.All()); n != 2 {
			t.Errorf("%d requests", n)
		}
	})
}
