// Package install holds tests of the ways to install the provider.
package install
