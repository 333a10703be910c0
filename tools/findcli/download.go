package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
)

// downloadTerraform returns the Terraform in the user's cache folder. The first
// call installs the latest release there.
func downloadTerraform(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder for the download: %w", err)
	}
	dir := filepath.Join(cache, "terraform-provider-clarifai", "terraform")

	if path, err := exec.LookPath(filepath.Join(dir, product.Terraform.BinaryName())); err == nil {
		return path, nil
	}

	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	return install.NewInstaller().Ensure(ctx, []src.Source{
		&releases.LatestVersion{
			Product:    product.Terraform,
			InstallDir: dir,
			Timeout:    5 * time.Minute,
		},
	})
}
