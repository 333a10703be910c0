package live

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// realClock is the clock of this machine.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cleanupTime is what a run keeps of its time limit to remove what it created.
const cleanupTime = 6 * time.Minute

// realAccount returns the account that the environment describes, and skips the test
// unless the caller wants it to be used: a PAT alone does not say so, since it may
// be set for other work.
func realAccount(t *testing.T) (context.Context, Options) {
	t.Helper()
	if os.Getenv("CLARIFAI_LIVE") != "1" {
		t.Skip("uses a real Clarifai account: run make testlive")
	}
	if os.Getenv("CLARIFAI_PAT") == "" {
		t.Skip("skipped: set CLARIFAI_PAT to a personal access token of the account to ask")
	}
	o := Options{Clock: realClock{}, Account: cli.Account{URL: os.Getenv("CLARIFAI_API_BASE"), UserID: os.Getenv("CLARIFAI_USER_ID"), PAT: os.Getenv("CLARIFAI_PAT")}}
	if o.URL == "" {
		o.URL = clarifai.DefaultBaseURL
	}
	if path := os.Getenv("CLARIFAI_ROOT_CERTIFICATES_PATH"); path != "" {
		var err error
		if o.RootCertificates, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	t.Cleanup(stop)
	if limit, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, limit.Add(-cleanupTime))
		t.Cleanup(cancel)
	}
	return ctx, o
}

// TestLive asks a real account all questions and prints what it learned.
func TestLive(t *testing.T) {
	ctx, o := realAccount(t)
	removed, err := Sweep(ctx, o, time.Hour)
	apitest.Must(t, err)
	if len(removed) > 0 {
		t.Logf("removed what earlier runs left: %s", strings.Join(removed, ", "))
	}
	findings, err := Probe(ctx, o)
	if err != nil {
		t.Error(err)
	}
	if len(findings) == 0 {
		return
	}
	if err := Report(os.Stdout, findings); err != nil {
		t.Error(err)
	}
}

// TestSweep removes what earlier runs left in a real account, whatever its age.
func TestSweep(t *testing.T) {
	ctx, o := realAccount(t)
	removed, err := Sweep(ctx, o, 0)
	apitest.Must(t, err)
	t.Logf("removed %d apps: %s", len(removed), strings.Join(removed, ", "))
}
