// Command compare measures this provider beside a generic REST provider and a script
// of curl, all against the emulator in one run, and writes the table of the README.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// restapi is the generic provider, which this module names as a tool.
const restapi = "github.com/Mastercard/terraform-provider-restapi"

type options struct {
	root, readme string
	keys         int
}

// run is one run.
type run struct {
	options
	folder   string // temporary
	cli      string
	emulator string            // program
	folders  map[string]string // of the providers, by source
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", ".", "the repository's `folder`")
	flag.StringVar(&o.readme, "readme", "", "`file` whose table to replace (default: print it)")
	flag.IntVar(&o.keys, "keys", 500, "`number` of keys")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := compare(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(ctx context.Context, o options) (err error) {
	r := &run{options: o}
	if r.folder, err = os.MkdirTemp("", "clarifai-compare-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.folder)) }()
	if err := r.build(ctx); err != nil {
		return err
	}
	var columns []*column
	for _, c := range []contender{r.own(), r.generic(), &script{}} {
		fmt.Fprintf(os.Stderr, "==> %s\n", c.name())
		measured, err := r.measure(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name(), err)
		}
		columns = append(columns, measured)
	}
	version, err := restapiVersion(filepath.Join(o.root, "tools", "compare", "go.mod"))
	if err != nil {
		return err
	}
	product, err := cli.Version(ctx, r.cli)
	if err != nil {
		return err
	}
	curl, err := curlVersion(ctx)
	if err != nil {
		return err
	}
	text := table(columns, subject{keys: o.keys, restapi: version, cli: product, curl: curl})
	if o.readme == "" {
		fmt.Print(text)
		return nil
	}
	return replaceTable(o.readme, text)
}

// build compiles the programs to compare.
func (r *run) build(ctx context.Context) (err error) {
	if r.cli, err = cli.Find(ctx); err != nil {
		return err
	}
	r.emulator = filepath.Join(r.folder, "emulator")
	r.folders = map[string]string{"clarifai/clarifai": filepath.Join(r.folder, "clarifai"), "mastercard/restapi": filepath.Join(r.folder, "restapi")}
	for _, b := range []cli.BuildOptions{
		{Dir: r.root, Package: "./cmd/clarifai-emulator", Output: r.emulator},
		{Dir: r.root, Package: ".", Output: filepath.Join(r.folders["clarifai/clarifai"], "terraform-provider-clarifai")},
		{Dir: filepath.Join(r.root, "tools", "compare"), Package: restapi, Output: filepath.Join(r.folders["mastercard/restapi"], "terraform-provider-restapi")},
	} {
		if err := cli.Build(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// restapiVersion returns the version of the generic provider in a go.mod.
func restapiVersion(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(content)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == restapi {
			return fields[1], nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", file, restapi)
}
