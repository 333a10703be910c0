// Package guides holds tests that follow the guides of the documentation.
package guides
