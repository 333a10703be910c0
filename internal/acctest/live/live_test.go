package live

import (
	"cmp"
	"context"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
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

// account returns the account that the environment describes, and skips the test
// unless the caller wants it to be used: a PAT alone does not say so, since it may
// be set for other work.
func account(t *testing.T) (context.Context, Options) {
	t.Helper()
	if os.Getenv("CLARIFAI_LIVE") != "1" {
		t.Skip("uses a real Clarifai account: run make testlive")
	}
	if os.Getenv("CLARIFAI_PAT") == "" {
		t.Skip("skipped: set CLARIFAI_PAT to a personal access token of the account to ask")
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
	t.Cleanup(stop)
	return ctx, Options{Clock: realClock{}, Account: cli.Account{URL: cmp.Or(os.Getenv("CLARIFAI_API_BASE"), "https://api.clarifai.com"),
		UserID: os.Getenv("CLARIFAI_USER_ID"), PAT: os.Getenv("CLARIFAI_PAT")}}
}

// TestLive asks a real account all questions and prints what it learnt.
func TestLive(t *testing.T) {
	ctx, o := account(t)
	removed, err := Sweep(ctx, o, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if len(removed) > 0 {
		t.Logf("removed what earlier runs left: %s", strings.Join(removed, ", "))
	}
	findings, err := Probe(ctx, o)
	if err != nil {
		t.Error(err)
	}
	unknown, err := Report(os.Stdout, findings)
	if err != nil {
		t.Error(err)
	}
	for _, f := range unknown {
		t.Errorf("Clarifai does what the emulator cannot do yet: %s is %s (%s)", f.Switch, f.Value, f.Note)
	}
}

// TestSweep removes what earlier runs left in a real account, whatever its age.
func TestSweep(t *testing.T) {
	ctx, o := account(t)
	removed, err := Sweep(ctx, o, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("removed %d apps: %s", len(removed), strings.Join(removed, ", "))
}
