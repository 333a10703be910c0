// Command verifyrelease checks the files of a release: those that goreleaser wrote, or those
// that were downloaded from a draft, before it is published.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

type options struct {
	folder string
	signed bool
	same   string
	cli    string
	tenant string
}

func main() {
	var o options
	flag.StringVar(&o.folder, "folder", "dist", "`folder` with the files of the release")
	flag.BoolVar(&o.signed, "signed", false, "check the signature with gpg, too")
	flag.StringVar(&o.same, "same-as", "", "`folder` with the files of another build that must be identical")
	flag.StringVar(&o.cli, "cli", "", "Terraform or OpenTofu `program` that installs the provider from a mirror of the archives")
	flag.StringVar(&o.tenant, "example", "examples/tenants", "`folder` of the configuration that it applies")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "verifyrelease:", err)
		os.Exit(1)
	}
}

// run reports everything that is wrong.
func run(ctx context.Context, o options) error {
	r, err := open(o.folder)
	if err != nil {
		return err
	}
	err = errors.Join(r.checkNames(o.signed), r.checkSums(), r.checkManifest(), r.checkArchives(), r.checkDocuments())
	if o.signed {
		err = errors.Join(err, r.checkSignature(ctx))
	}
	if o.same != "" {
		err = errors.Join(err, r.checkSame(o.same))
	}
	if err != nil {
		return err
	}
	if err := r.checkPrograms(ctx, o); err != nil {
		return err
	}
	fmt.Printf("version %s: %d files are complete and consistent; %s is %.1f MB\n", r.version, len(r.files), r.archive(provider, "linux_amd64"), r.size(provider, "linux_amd64"))
	return nil
}
