package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// The sources of the providers.
const (
	ownSource  = "clarifai/clarifai"
	twinSource = "clarifai/twin"
	restSource = "mastercard/restapi"
)

// restapiProvider is the generic provider for any REST API that this module names as
// a tool.
const restapiProvider = "github.com/Mastercard/terraform-provider-restapi"

// build puts the programs of the providers into a folder.
func (b *bench) build(ctx context.Context) error {
	bin := filepath.Join(b.folder, "bin")
	program := func(source string) string { return filepath.Join(bin, "terraform-provider-"+filepath.Base(source)) }
	if err := os.Mkdir(bin, 0o700); err != nil {
		return err
	}
	if b.readme != "" {
		b.providers = map[string]string{ownSource: bin, restSource: bin}
		return errors.Join(cli.Build(ctx, "", ".", program(ownSource)),
			cli.Build(ctx, filepath.Join("tools", "bench"), restapiProvider, program(restSource)))
	}
	b.providers = map[string]string{ownSource: bin, twinSource: bin}
	if err := cli.Build(ctx, "", "./internal/bench", program(twinSource)); err != nil {
		return err
	}
	own := program(twinSource) // its name decides what it serves
	if b.provider != "" {
		var err error
		if own, err = filepath.Abs(b.provider); err != nil {
			return err
		}
	}
	return os.Symlink(own, program(ownSource))
}
