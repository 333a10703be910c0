// Command providermirror puts a build of the provider into a filesystem mirror and
// prints the CLI configuration that takes the provider from there.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

type options struct {
	program string
	version string
	mirror  string
	config  string
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "", "path of the provider's `program`")
	flag.StringVar(&o.version, "version", "", "the `version` it was built as")
	flag.StringVar(&o.mirror, "mirror", "", "`folder` of the mirror")
	flag.StringVar(&o.config, "config", "", "`file` to write the CLI configuration to")
	flag.Parse()
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "providermirror:", err)
		os.Exit(1)
	}
}

func run(o options, out io.Writer) error {
	if o.program == "" || o.mirror == "" || o.config == "" {
		return errors.New("-program, -mirror and -config are needed")
	}
	mirror, version := cli.Mirror(o.mirror), cli.MirrorVersion(o.version)
	if err := mirror.Install(cli.Source, version, o.program); err != nil {
		return err
	}
	content, err := mirror.Config(cli.Source)
	if err != nil {
		return err
	}
	config, err := filepath.Abs(o.config)
	if err != nil {
		return err
	}
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is in the mirror as version %s. This is in %s:\n\n%s\n"+
		"To use it in this shell, in place of a ~/.terraformrc or ~/.tofurc:\n\n  export TF_CLI_CONFIG_FILE=%q\n\n"+
		"Then run terraform init or tofu init. It refuses a new build of a version that .terraform.lock.hcl\n"+
		"names: remove that file first.\n",
		cli.Source, version, config, content, filepath.ToSlash(config))
	return nil
}
