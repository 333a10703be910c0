// Command clarifai-emulator emulates the part of Clarifai's API that manages apps
// and app-specific keys, so that you can try and test Terraform configurations
// without an account.
//
//	$ clarifai-emulator -state clarifai.state
//	export CLARIFAI_API_BASE=http://127.0.0.1:8080 CLARIFAI_USER_ID=emulator-user CLARIFAI_PAT=…
//
// Its commands seed, faults, stats, reset and switches control an emulator that
// is running.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes, following the convention of shells and of package flag.
const (
	exitFailure = 1
	exitUsage   = 2
)

// run carries out a command, or serves the API until ctx ends, and returns the
// exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if c, ok := find(args); ok {
		err := c.run(ctx, args[1:], stdout, stderr)
		if err == nil {
			return 0
		}
		fmt.Fprintf(stderr, "clarifai-emulator %s: %v\n", c.name, err)
		if _, ok := errors.AsType[usageError](err); ok {
			return exitUsage
		}
		return exitFailure
	}
	cfg, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "clarifai-emulator: %v\n", err)
		return exitUsage
	}
	if cfg.showVersion {
		fmt.Fprintln(stdout, "clarifai-emulator "+version)
		return 0
	}
	if err := serve(ctx, cfg, stdout); err != nil {
		fmt.Fprintf(stderr, "clarifai-emulator: %v\n", err)
		return exitFailure
	}
	return 0
}

func serve(ctx context.Context, cfg config, stdout io.Writer) (err error) {
	e, err := emulator.Open(cfg.state, cfg.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()

	// Listen before printing the URL: whoever reads it may connect at once.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.listen)
	if err != nil {
		return fmt.Errorf("%w\nGive another address with -listen: with 127.0.0.1:0, the system chooses a free port", err)
	}
	url := "http://" + reachable(listener.Addr())
	server := &http.Server{Handler: e, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "export CLARIFAI_API_BASE=%s CLARIFAI_USER_ID=%s CLARIFAI_PAT=%s\n", url, e.UserID(), e.PAT())
	if cfg.readyFile != "" { // in one write, so that nobody reads a part of it
		if err := os.WriteFile(cfg.readyFile, []byte(url+"\n"), 0o600); err != nil {
			return errors.Join(err, server.Close())
		}
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	return stop(server)
}

// reachable returns an address that clients on this machine can connect to.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// stop shuts the server down and gives running requests 5 seconds to finish.
func stop(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}
